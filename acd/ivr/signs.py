"""What signs are called when something is spelled out, by language. Data only; a language that is not here borrows English."""

PLUS = {"en": "plus", "de": "plus", "fr": "plus", "es": "más", "it": "più", "nl": "plus", "pl": "plus", "pt": "mais"}

_ORDER = "@.-_/+*#&"
_NAMES = {
    "en": "at, dot, dash, underscore, slash, plus, star, hash, and",
    "de": "at, Punkt, Bindestrich, Unterstrich, Schrägstrich, plus, Stern, Raute, und",
    "fr": "arobase, point, tiret, tiret bas, barre oblique, plus, étoile, dièse, et",
    "es": "arroba, punto, guion, guion bajo, barra, más, asterisco, almohadilla, y",
    "it": "chiocciola, punto, trattino, trattino basso, barra, più, asterisco, cancelletto, e",
    "nl": "apenstaartje, punt, streepje, liggend streepje, schuine streep, plus, sterretje, hekje, en",
    "pl": "małpa, kropka, myślnik, podkreślnik, ukośnik, plus, gwiazdka, krzyżyk, i",
    "pt": "arroba, ponto, hífen, sublinhado, barra, mais, asterisco, cardinal, e",
}
SIGNS = {language: dict(zip(_ORDER, names.split(", "), strict=True)) for language, names in _NAMES.items()}
