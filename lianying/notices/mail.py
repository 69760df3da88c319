"""Handing a letter to the county's mail server."""

import smtplib
from contextlib import suppress
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from lianying.rules.notices import Delivery

PORTS = {"smtp": 25, "smtps": 465}


def send(address: str, heading: str, text: str, uuid: str) -> Delivery:
    """Hand it over, within the seconds that are allowed; the uuid is its Message-ID, however often it is sent."""
    server = _server()
    sender = settings.ENV["MAIL_FROM"]
    headers = {"Message-ID": f"<{uuid}@{sender.rpartition('@')[2]}>", "Auto-Submitted": "auto-generated"}
    letter = EmailMessage(heading, text, sender, [address], headers=headers, connection=server)
    is_open = False
    try:
        is_open = _open(server)
        letter.send()
    except (OSError, smtplib.SMTPException) as error:
        return _answered(error) if is_open else Delivery.UNREACHABLE
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.close()
    return Delivery.SENT


def _open(server: EmailBackend) -> bool:
    """Connect and sign in; greeted here, so that a server that hangs has surely not got the letter."""
    server.open()
    if server.connection is not None:
        server.connection.ehlo_or_helo_if_needed()
    return True


def _server() -> EmailBackend:
    url = urlsplit(settings.ENV["SMTP_URL"])
    return EmailBackend(
        host=url.hostname,
        port=url.port or PORTS[url.scheme],
        username=unquote(url.username or ""),
        password=unquote(url.password or ""),
        use_tls=url.query == "tls=1",
        use_ssl=url.scheme == "smtps",
        timeout=settings.ENV["SMTP_SECONDS"],
    )


def _answered(error: Exception) -> Delivery:
    """4xx: another time; 5xx: never. No answer, or a line that broke: nobody knows."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max(code for code, _ in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        code = error.smtp_code
    else:
        return Delivery.UNKNOWN
    if code < 400:
        # What is no answer of a mail server.
        return Delivery.UNKNOWN
    return Delivery.UNREACHABLE if code < 500 else Delivery.REFUSED
