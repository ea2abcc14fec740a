"""``acd``, ``python -m acd``: make the standard library cooperative first, then the command line."""

from gevent import monkey

monkey.patch_all()

from acd.cli.main import main  # noqa: E402  (nothing may be imported before the patch)

if __name__ == "__main__":
    main()
