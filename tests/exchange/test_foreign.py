"""Open311 is asked by clients that others wrote, and by schemathesis with all that the OpenAPI document allows."""

import io
import itertools
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from georeport import GeoReport
from PIL import Image

from lianying.common.clock import local_day, now
from tests.serving import Server, serving

pytestmark = [pytest.mark.slow, pytest.mark.postgresql]
FIELDS = {"service_code": "0304", "address_string": "柳江路18号", "description": "路灯不亮"}


@dataclass(frozen=True, slots=True)
class Service:
    server: Server
    key: str

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}/open311/v2"

    def put_in(self, **fields: str) -> str:
        """The number of a request that may be published."""
        given = {"api_key": self.key, **FIELDS, "attribute[MAY_PUBLISH]": "yes", **fields}
        answer = self.server.browser().post("/open311/v2/requests.json", given)
        assert answer.status == 200, answer.text
        return str(answer.json[0]["service_request_id"])


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with serving() as server:
        made = server.command("open311-client", "市热线", "--unit", "root")
        assert made.returncode == 0, made.stderr
        yield Service(server, made.stdout.split()[-1])


@pytest.fixture(scope="module")
def three() -> Any:
    """Written for Python 2: it looks for `ifilter`."""
    itertools.ifilter = filter  # type: ignore[attr-defined]
    import three

    return three


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport(service: Service, form: str) -> None:
    refs = [service.put_in(), service.put_in(service_code="0301")]
    client = GeoReport(service.url, jurisdiction="127.0.0.1", output_format=form)
    today = local_day(now())

    services = client.get_service_list()
    asked = client.get_service_definition("0304")
    listed = client.get_service_requests(
        service_code="0304,0301",
        start_date=f"{today - timedelta(days=2)}T00:00:00Z",
        end_date=f"{today + timedelta(days=2)}T00:00:00Z",
        status="open",
    )
    named = client.get_service_requests(service_request_id=",".join(refs))
    one = client.get_service_request(refs[0])

    assert {"0304", "9999"} <= {row["service_code"] for row in services}
    assert asked["service_code"] == "0304"
    assert set(refs) <= {row["service_request_id"] for row in listed}
    assert {row["service_request_id"] for row in named} == set(refs)
    assert (one["status"], one["service_code"], one["description"]) == ("open", "0304", None)


def test_three(service: Service, three: Any) -> None:
    client = three.Three(service.url, api_key=service.key)
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "blue").save(photo, "PNG")
    photo.seek(0)
    photo.name = "lamp.png"

    put_in = client.post(
        "0304", address="柳江路18号", name="Wang Fang", phone="13812349999", description="路灯不亮", media=photo
    )
    ref = put_in[0]["service_request_id"]
    today: date = local_day(now())

    assert len(client.discovery()["endpoints"]) == 2
    assert client.services("0304")["service_code"] == "0304"
    assert client.request(ref)[0]["service_request_id"] == ref
    assert client.requests("0304", between=[today - timedelta(days=9), today + timedelta(days=1)], count=5) is not None
    assert client.post("0304", description="路灯不亮")[0]["code"] == 400


CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
HOOKS = """
import os
import schemathesis

@schemathesis.hook
def map_body(context, body):
    "Half of what is sent comes with a key that is known."
    if isinstance(body, dict) and len(str(body)) % 2:
        body["api_key"] = os.environ["OPEN311_KEY"]
    return body
"""


def test_schemathesis(service: Service, tmp_path: Path) -> None:
    (tmp_path / "hooks.py").write_text(HOOKS)
    environment = {**service.server.environment, "SCHEMATHESIS_HOOKS": "hooks", "OPEN311_KEY": service.key}
    environment |= {"PYTHONPATH": str(tmp_path)}
    program = Path(sys.executable).parent / "schemathesis"
    command = [str(program), "run", f"{service.url}/openapi.json", "--checks", CHECKS, "--max-examples", "60"]

    ran = subprocess.run(
        [*command, "--seed", "1", "--no-color", "--request-timeout", "30"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout[-6000:]
    assert "19/19" in ran.stdout
