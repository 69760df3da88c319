"""The worker is killed while the gateway has its message in hand: it is found again, and nobody reads it twice."""

import subprocess
import sys

import pytest

from tests.notices.gateways import Gateway, gateway
from tests.serving import ROOT, Server, serving

pytestmark = pytest.mark.slow
AFTER_THE_LEASE = """
import django
django.setup()
from lianying.cases.actions import told_by_message
from lianying.cases.queries.messages import filled
from lianying.common.clock import now
from lianying.notices.actions import LEASE
from lianying.notices.delivery import deliver_due
from lianying.notices.models import Notice
deliver_due(fill=filled, sent=told_by_message, at=now() + 2 * LEASE)
notice = Notice.objects.get()
print("told" if notice.told_at else notice.channel, notice.error)
"""


def after_the_lease(server: Server) -> list[str]:
    environment = {**server.environment, "DJANGO_SETTINGS_MODULE": "lianying.config.settings"}
    command = [sys.executable, "-c", AFTER_THE_LEASE]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def killed_while_sending(sink: Gateway, honours: str) -> list[str]:
    sink.answers = [0]
    settings = {"SMS_URL": sink.url, "SMS_IDEMPOTENT": honours, "SMS_SECONDS": "30"}
    with serving(database_url="", WORKER_SECONDS="1", **settings) as server:
        receipt = server.browser().tell("小区门口的路灯坏了三天", phone="13812348263").json
        fields = {"version": "1", "kind": "help", "urgency": "ordinary", "category": ""}
        said = {"reason": "legal_channel", "text": "请向县人民法院查询。"}
        path = f"/desk/cases/{receipt['ref']}/move/decline/"
        assert server.browser("clerk").post(path, {**fields, **said}).status == 303
        assert sink.arrived.wait(30)
        server.kill()
        server.process = None
        return after_the_lease(server)


def test_a_gateway_that_knows_the_id_is_sent_it_again() -> None:
    with gateway() as sink:
        assert killed_while_sending(sink, "on") == ["told"]
        assert (len(sink.handed), len(sink.shown)) == (2, 1)


def test_one_that_does_not_is_not_and_the_desk_rings() -> None:
    with gateway() as sink:
        assert killed_while_sending(sink, "off") == ["call", "unknown"]
        assert len(sink.handed) == 1
