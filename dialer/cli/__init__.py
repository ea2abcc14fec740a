"""The command line of campaigns; each command is a file."""
