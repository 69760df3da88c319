"""What is asked of the server: one request, and what it is made of on either side of the socket."""

from dataclasses import dataclass
from typing import Any

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Ask:
    """expect: the status of an answer that counts."""

    path: str
    cookie: str = ""
    method: str = "GET"
    body: str = ""
    accept: str = "text/html"
    expect: int = 200

    def headers(self) -> dict[str, str]:
        headers = {"Accept": self.accept, "Accept-Encoding": "gzip"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if self.method == "POST":
            headers["Content-Type"] = FORM
        return headers

    def environ(self) -> dict[str, Any]:
        """As a WSGI server hands it to the application, without the streams."""
        path, _, query = self.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "localhost",
            "CONTENT_LENGTH": str(len(self.body.encode())),
            "CONTENT_TYPE": FORM if self.method == "POST" else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        for name, value in self.headers().items():
            if name != "Content-Type":
                environ["HTTP_" + name.upper().replace("-", "_")] = value
        return environ
