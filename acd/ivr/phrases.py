"""What we say where a flow gives no prompt of its own, in the languages that we have words for. PURE.

They are templates like those of a flow; ``label``, ``key`` and ``value`` are put in by the step that says them.
"""

from collections.abc import Iterable, Mapping

from acd.ivr.expressions import Expression
from acd.ivr.template import Template, template

PHRASES: Mapping[str, Mapping[str, str]] = {
    "en": {
        "option": "For {{ label }}, press {{ key }}.",
        "confirm": "You typed {{ digits(value) }}. If that is right, press 1. To type it again, press 2.",
        "record": "Please speak after the tone. Press hash when you have finished.",
        "review": "To keep your recording, press 1. To hear it, press 2. To record it again, press 3.",
        "callback": "We can call you back, and you keep your place in the line. If you want that, press 1. If not, press 2.",
        "callback_number": "We will call {{ digits(value) }}. If that is right, press 1. To give another number, press 2.",
        "callback_type": "Please type the number on which we can call you back, and then press hash.",
        "callback_done": "Thank you. We will call you back.",
        "messages": "New messages: {{ number(new_messages) }}. Heard before: {{ number(old_messages) }}.",
        "messages_none": "There are no messages.",
        "messages_each": "Message {{ number(message_place) }}. {{ date(message_left) }}, {{ time(message_left) }}.",
        "messages_caller": "From {{ digits(message_caller) }}.",
        "messages_choice": "To hear it again, press 1. To keep it and hear the next one, press 2. To delete it, press 3. "
        "For the one before, press 4. To finish, press hash.",
        "messages_deleted": "The message is deleted.",
        "messages_end": "There are no more messages.",
    },
    "de": {
        "option": "Für {{ label }} drücken Sie {{ key }}.",
        "confirm": "Sie haben {{ digits(value) }} eingegeben. Wenn das stimmt, drücken Sie 1. Für eine neue Eingabe drücken Sie 2.",
        "record": "Bitte sprechen Sie nach dem Ton. Drücken Sie die Rautetaste, wenn Sie fertig sind.",
        "review": "Um die Aufnahme zu behalten, drücken Sie 1. Um sie anzuhören, drücken Sie 2. Um neu aufzunehmen, drücken Sie 3.",
        "callback": "Wir können Sie zurückrufen, und Sie behalten Ihren Platz. Möchten Sie das, drücken Sie 1, sonst 2.",
        "callback_number": "Wir rufen {{ digits(value) }} an. Wenn das stimmt, drücken Sie 1. Für eine andere Nummer drücken Sie 2.",
        "callback_type": "Bitte geben Sie die Nummer ein, unter der wir Sie zurückrufen können, und drücken Sie dann die Rautetaste.",
        "callback_done": "Vielen Dank. Wir rufen Sie zurück.",
        "messages": "Neue Nachrichten: {{ number(new_messages) }}. Schon gehört: {{ number(old_messages) }}.",
        "messages_none": "Es sind keine Nachrichten da.",
        "messages_each": "Nachricht {{ number(message_place) }}. {{ date(message_left) }}, {{ time(message_left) }}.",
        "messages_caller": "Von {{ digits(message_caller) }}.",
        "messages_choice": "Um sie noch einmal zu hören, drücken Sie 1. Für die nächste drücken Sie 2. "
        "Zum Löschen drücken Sie 3. Für die vorige drücken Sie 4. Zum Beenden drücken Sie die Rautetaste.",
        "messages_deleted": "Die Nachricht ist gelöscht.",
        "messages_end": "Es gibt keine weiteren Nachrichten.",
    },
    "fr": {
        "option": "Pour {{ label }}, tapez {{ key }}.",
        "confirm": "Vous avez tapé {{ digits(value) }}. Si c'est exact, tapez 1. Pour recommencer, tapez 2.",
        "record": "Veuillez parler après le signal. Tapez dièse quand vous avez terminé.",
        "review": "Pour garder votre enregistrement, tapez 1. Pour l'écouter, tapez 2. Pour recommencer, tapez 3.",
        "callback": "Nous pouvons vous rappeler, et vous gardez votre place. Si vous le souhaitez, tapez 1. Sinon, tapez 2.",
        "callback_number": "Nous appellerons le {{ digits(value) }}. Si c'est exact, tapez 1. Pour donner un autre numéro, tapez 2.",
        "callback_type": "Veuillez taper le numéro où nous pouvons vous rappeler, puis dièse.",
        "callback_done": "Merci. Nous vous rappellerons.",
        "messages": "Nouveaux messages : {{ number(new_messages) }}. Déjà écoutés : {{ number(old_messages) }}.",
        "messages_none": "Il n'y a aucun message.",
        "messages_each": "Message {{ number(message_place) }}. {{ date(message_left) }}, {{ time(message_left) }}.",
        "messages_caller": "Du numéro {{ digits(message_caller) }}.",
        "messages_choice": "Pour réécouter ce message, tapez 1. Pour le garder et passer au suivant, tapez 2. "
        "Pour l'effacer, tapez 3. Pour le précédent, tapez 4. Pour terminer, tapez dièse.",
        "messages_deleted": "Le message est effacé.",
        "messages_end": "Il n'y a plus de messages.",
    },
    "es": {
        "option": "Para {{ label }}, pulse {{ key }}.",
        "confirm": "Ha marcado {{ digits(value) }}. Si es correcto, pulse 1. Para marcarlo de nuevo, pulse 2.",
        "record": "Por favor, hable después de la señal. Pulse almohadilla cuando haya terminado.",
        "review": "Para guardar su grabación, pulse 1. Para escucharla, pulse 2. Para grabar de nuevo, pulse 3.",
        "callback": "Podemos devolverle la llamada, y usted conserva su lugar. Si lo desea, pulse 1. Si no, pulse 2.",
        "callback_number": "Llamaremos al {{ digits(value) }}. Si es correcto, pulse 1. Para dar otro número, pulse 2.",
        "callback_type": "Por favor, marque el número al que podemos llamarle y luego pulse almohadilla.",
        "callback_done": "Gracias. Le llamaremos.",
        "messages": "Mensajes nuevos: {{ number(new_messages) }}. Ya escuchados: {{ number(old_messages) }}.",
        "messages_none": "No hay mensajes.",
        "messages_each": "Mensaje {{ number(message_place) }}. {{ date(message_left) }}, {{ time(message_left) }}.",
        "messages_caller": "Del número {{ digits(message_caller) }}.",
        "messages_choice": "Para escucharlo otra vez, pulse 1. Para guardarlo y oír el siguiente, pulse 2. "
        "Para borrarlo, pulse 3. Para el anterior, pulse 4. Para terminar, pulse almohadilla.",
        "messages_deleted": "El mensaje se ha borrado.",
        "messages_end": "No hay más mensajes.",
    },
    "it": {
        "option": "Per {{ label }}, prema {{ key }}.",
        "confirm": "Ha digitato {{ digits(value) }}. Se è corretto, prema 1. Per digitare di nuovo, prema 2.",
        "record": "Parli dopo il segnale acustico. Prema cancelletto quando ha finito.",
        "review": "Per conservare la registrazione, prema 1. Per ascoltarla, prema 2. Per registrare di nuovo, prema 3.",
        "callback": "Possiamo richiamarla, e lei mantiene il suo posto. Se lo desidera, prema 1. Altrimenti prema 2.",
        "callback_number": "Chiameremo il numero {{ digits(value) }}. Se è corretto, prema 1. Per indicare un altro numero, prema 2.",
        "callback_type": "Digiti il numero al quale possiamo richiamarla, poi prema cancelletto.",
        "callback_done": "Grazie. La richiameremo.",
        "messages": "Nuovi messaggi: {{ number(new_messages) }}. Già ascoltati: {{ number(old_messages) }}.",
        "messages_none": "Non ci sono messaggi.",
        "messages_each": "Messaggio {{ number(message_place) }}. {{ date(message_left) }}, {{ time(message_left) }}.",
        "messages_caller": "Dal numero {{ digits(message_caller) }}.",
        "messages_choice": "Per riascoltarlo, prema 1. Per conservarlo e passare al successivo, prema 2. "
        "Per cancellarlo, prema 3. Per il precedente, prema 4. Per terminare, prema cancelletto.",
        "messages_deleted": "Il messaggio è stato cancellato.",
        "messages_end": "Non ci sono altri messaggi.",
    },
    "nl": {
        "option": "Voor {{ label }}, toets {{ key }}.",
        "confirm": "U hebt {{ digits(value) }} ingetoetst. Als dat klopt, toets 1. Om het opnieuw in te toetsen, toets 2.",
        "record": "Spreek na de toon. Toets hekje als u klaar bent.",
        "review": "Om uw opname te bewaren, toets 1. Om haar te beluisteren, toets 2. Om opnieuw op te nemen, toets 3.",
        "callback": "Wij kunnen u terugbellen, en u behoudt uw plaats. Als u dat wilt, toets 1. Zo niet, toets 2.",
        "callback_number": "Wij bellen {{ digits(value) }}. Als dat klopt, toets 1. Om een ander nummer op te geven, toets 2.",
        "callback_type": "Toets het nummer in waarop wij u kunnen terugbellen, en daarna hekje.",
        "callback_done": "Dank u. Wij bellen u terug.",
        "messages": "Nieuwe berichten: {{ number(new_messages) }}. Al beluisterd: {{ number(old_messages) }}.",
        "messages_none": "Er zijn geen berichten.",
        "messages_each": "Bericht {{ number(message_place) }}. {{ date(message_left) }}, {{ time(message_left) }}.",
        "messages_caller": "Van nummer {{ digits(message_caller) }}.",
        "messages_choice": "Om het opnieuw te horen, toets 1. Voor het volgende, toets 2. Om het te wissen, toets 3. "
        "Voor het vorige, toets 4. Om te stoppen, toets hekje.",
        "messages_deleted": "Het bericht is gewist.",
        "messages_end": "Er zijn geen berichten meer.",
    },
}


def phrase(language: str, what: str) -> Template | None:
    """None for a language that we have no words in; ``de-AT`` is spoken as ``de``."""
    words = PHRASES.get(language.partition("-")[0])
    return template(words[what]) if words else None


def labelled(language: str, label: Template, key: str) -> Template | None:
    """One option of a menu as a sentence; the key is spoken digit by digit."""
    found = phrase(language, "option")
    if found is None:
        return None
    said: dict[str, tuple[str | Expression, ...]] = {"label": label.parts, "key": (" ".join(key),)}
    return Template(_joined(one for part in found.parts for one in _filled(part, said)))


def _filled(part: str | Expression, said: Mapping[str, tuple[str | Expression, ...]]) -> tuple[str | Expression, ...]:
    return (part,) if isinstance(part, str) else said[part.source.strip()]


def _joined(parts: Iterable[str | Expression]) -> tuple[str | Expression, ...]:
    """Fixed texts side by side are one, so that a sentence is spoken in one breath."""
    found: list[str | Expression] = []
    for part in parts:
        if found and isinstance(part, str) and isinstance(found[-1], str):
            found[-1] += part
        else:
            found.append(part)
    return tuple(found)
