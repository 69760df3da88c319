from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.rules.notices import Delivery, NoticeChannel, NoticeKind, StaffKind

NOTICE_KINDS: dict[NoticeKind, Promise] = {
    NoticeKind.ASKED: _("a question to the resident"),
    NoticeKind.ANSWERED: _("the answer"),
    NoticeKind.EXTENDED: _("a later date"),
    NoticeKind.DECLINED: _("not accepted, with the proper channel"),
    NoticeKind.ANSWER_CORRECTED: _("a corrected answer"),
    NoticeKind.TERMINATED: _("an ended request"),
    NoticeKind.COMPLETED: _("that what was planned is done"),
    NoticeKind.JOINED: _("that it was joined to another request"),
    NoticeKind.PARTED: _("that it goes its own way again"),
    NoticeKind.MAIN_ANSWERED: _("that the request it was joined to is answered"),
    NoticeKind.PETITION: _("a step of the petition office"),
}
NOTICE_CHANNELS: dict[NoticeChannel, Promise] = {
    NoticeChannel.CALL: _("telephone call"),
    NoticeChannel.SMS: _("text message"),
}
STAFF_KINDS: dict[StaffKind, Promise] = {
    StaffKind.DIGEST: _("what waits for you today"),
    StaffKind.URGENT: _("an urgent request"),
}
DELIVERIES: dict[Delivery, Promise] = {
    Delivery.SENT: _("sent"),
    Delivery.REFUSED: _("the receiver would not take it"),
    Delivery.UNREACHABLE: _("the receiver could not be reached for a day"),
    Delivery.UNKNOWN: _("handed over, but the receiver did not say what became of it"),
}
#: What is sent where the operator wrote nothing else: no words of the request, no query code, since others read a
#: telephone, too.
TEXTS: dict[NoticeKind, Promise] = {
    NoticeKind.ASKED: _(
        "{site}: {unit} has a question about your request {ref}. Please answer on the progress page or ring {phone}."
    ),
    NoticeKind.ANSWERED: _(
        "{site}: {unit} has answered your request {ref}. The answer is on the progress page; we will ring to ask you."
    ),
    NoticeKind.EXTENDED: _(
        "{site}: your request {ref} takes longer, now until {date}. Why, is said on the progress page. {phone}"
    ),
    NoticeKind.DECLINED: _(
        "{site}: your request {ref} cannot be accepted. Why, and where to turn, is on the progress page. {phone}"
    ),
    NoticeKind.ANSWER_CORRECTED: _(
        "{site}: the answer to your request {ref} was corrected. Please read it on the progress page. {phone}"
    ),
    NoticeKind.TERMINATED: _("{site}: your request {ref} was ended early. Why, is said on the progress page. {phone}"),
    NoticeKind.COMPLETED: _("{site}: what was planned for your request {ref} is done. Please have a look. {phone}"),
    NoticeKind.JOINED: _(
        "{site}: others told us the same as your request {ref}. {unit} deals with them together until {date}. {phone}"
    ),
    NoticeKind.PARTED: _(
        "{site}: your request {ref} is dealt with on its own again. How it goes is on the progress page. {phone}"
    ),
    NoticeKind.MAIN_ANSWERED: _(
        "{site}: {unit} has answered the matter of your request {ref}. How it stands is on the progress page. {phone}"
    ),
    NoticeKind.PETITION: _(
        "{site}: your request {ref} goes on with the petition office. What was done is on the progress page. {phone}"
    ),
}


def notice_kind_choices() -> list[tuple[str, Promise]]:
    return [(kind.value, label) for kind, label in NOTICE_KINDS.items()]


def notice_channel_choices() -> list[tuple[str, Promise]]:
    return [(channel.value, label) for channel, label in NOTICE_CHANNELS.items()]


def staff_kind_choices() -> list[tuple[str, Promise]]:
    return [(kind.value, label) for kind, label in STAFF_KINDS.items()]


def delivery_choices() -> list[tuple[str, Promise]]:
    return [(delivery.value, label) for delivery, label in DELIVERIES.items()]
