from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lianying.rules.notices import NoticeChannel, NoticeKind

NOTICE_KINDS: dict[NoticeKind, Promise] = {
    NoticeKind.ASKED: _("a question to the resident"),
    NoticeKind.ANSWERED: _("the answer"),
    NoticeKind.EXTENDED: _("a later date"),
    NoticeKind.DECLINED: _("not accepted, with the proper channel"),
    NoticeKind.ANSWER_CORRECTED: _("a corrected answer"),
    NoticeKind.TERMINATED: _("an ended request"),
    NoticeKind.COMPLETED: _("that what was planned is done"),
}
NOTICE_CHANNELS: dict[NoticeChannel, Promise] = {NoticeChannel.CALL: _("telephone call")}


def notice_kind_choices() -> list[tuple[str, Promise]]:
    return [(kind.value, label) for kind, label in NOTICE_KINDS.items()]


def notice_channel_choices() -> list[tuple[str, Promise]]:
    return [(channel.value, label) for channel, label in NOTICE_CHANNELS.items()]
