"""Two `motcua serve` behind nginx with deploy/nginx.conf: news at once, uploads, and a restart that nobody sees."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest

from storage import sealed
from storage.sealed import Keys
from tests.conftest import MASTER
from tests.crash.play import PATIENCE, ROOT, Victims, free_port, wait
from tests.crash.scenario import PICTURES
from tests.many.processes import Many

PICTURE: Final = PICTURES[min(PICTURES)]


class Proxy:
    """nginx with deploy/nginx.conf, but for the port it listens on, its certificate, and where the program is."""

    def __init__(self, program: str, folder: Path, ports: list[int]) -> None:
        self.port = free_port()
        site = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
        site = re.sub(r"listen 443 ssl http2;", f"listen 127.0.0.1:{self.port};", site)
        site = re.sub(r"listen 80;", f"listen 127.0.0.1:{free_port()};", site)
        site = re.sub(r"(?m)^    ssl_certificate.*$", "", site)
        site = site.replace("/var/log/nginx/", f"{folder}/")
        for usual, port in zip(("8081", "8082"), ports, strict=True):
            site = site.replace(f"127.0.0.1:{usual} ", f"127.0.0.1:{port} ")
        places = "\n".join(
            f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        self.config = folder / "nginx.conf"
        self.config.write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/all.log;\nevents {{}}\nhttp {{\n{places}\n{site}\n}}\n",
            encoding="utf-8",
        )
        self._command = [program, "-c", str(self.config), "-e", str(folder / "early.log")]
        self._process: subprocess.Popen[bytes] | None = None

    def check(self) -> str:
        """What nginx says of it; empty when it is well."""
        told = subprocess.run([*self._command, "-t", "-q"], capture_output=True, text=True, check=False)
        return told.stderr

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()


@pytest.fixture
def many(victims: Victims, sqlite_template: Path, tmp_path: Path) -> Iterator[Many]:
    """Two that serve and one that works, on one SQLite file."""
    sealed.use(Keys(MASTER))
    made = Many(victims, tmp_path / "many", {}, serves=2, works=1)
    (made.folder / "data").mkdir()
    shutil.copy(sqlite_template, made.folder / "data" / "motcua.sqlite3")
    made.revive()
    yield made
    made.stop()


@pytest.fixture
def proxy(many: Many, tmp_path: Path) -> Iterator[Proxy]:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("NOT RUN: pages behind nginx with deploy/nginx.conf, since nginx is not installed")
    (tmp_path / "nginx").mkdir()
    made = Proxy(program, tmp_path / "nginx", [process.port for process in many.serving])
    assert made.check() == ""
    made.start()
    yield made
    made.stop()


class Browser:
    """A page that asks once and takes no excuse."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._cookie = ""
        self._sent = 0

    def ask(self, method: str, path: str, data: bytes = b"", kind: str = "application/json") -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self._proxy.port, timeout=PATIENCE)) as door:
            door.request(method, path, data, {"X-Motcua": "1", "Cookie": self._cookie, "Content-Type": kind})
            answer = door.getresponse()
            if given := answer.getheader("Set-Cookie"):
                self._cookie = given.partition(";")[0]
            return answer.status, answer.read()

    def say(self, text: str) -> None:
        self._sent += 1
        status, body = self.ask("POST", "/api/send", json.dumps({"id": f"said{self._sent}", "text": text}).encode())
        assert status == 200, body

    def messages(self) -> list[dict[str, Any]]:
        status, body = self.ask("GET", "/api/messages?after=0")
        assert status == 200, body
        return list(json.loads(body))

    def follow(self, seen: list[str], ended: threading.Event) -> None:
        """One stream, until it ends."""
        with closing(http.client.HTTPConnection("127.0.0.1", self._proxy.port, timeout=PATIENCE)) as door:
            door.request("GET", "/api/stream", headers={"Cookie": self._cookie})
            for line in door.getresponse():
                if line.startswith(b"data: "):
                    seen += [json.loads(line[6:])["text"]]
        ended.set()


def test_pages_behind_nginx(many: Many, proxy: Proxy) -> None:
    browser = Browser(proxy)
    wait(lambda: _up(browser), "nginx")
    assert browser.ask("POST", "/api/hello", b"{}")[0] == 200
    seen: list[str] = []
    ended = threading.Event()
    reading = threading.Thread(target=browser.follow, args=(seen, ended))
    reading.start()
    wait(lambda: bool(seen), "the stream's first words")
    browser.say("menu")
    wait(lambda: any(text == "menu" for text in seen), "news without a wait")
    status, body = browser.ask("POST", "/api/upload?id=file1&name=anh.jpg", PICTURE, "image/jpeg")
    assert status == 200, body
    shown = next(message for message in browser.messages() if message["files"] and message["own"])
    assert browser.ask("GET", "/" + shown["files"][0]["url"]) == (200, PICTURE)
    for inside in ("/song", "/san-sang", "/metrics"):
        assert browser.ask("GET", inside)[0] == 404
    assert browser.ask("GET", "/canbo/vao/mot-khoa-bi-mat")[0] in (200, 404, 410)

    for process in many.serving:  # each request is made once, and none fails
        restarting = threading.Thread(target=many.restart, args=(process,))
        restarting.start()
        while restarting.is_alive():
            browser.say("xin chào")
        restarting.join()
    wait(ended.is_set, "the stream's end: the page goes on with the other")
    reading.join()
    said = [message["text"] for message in browser.messages() if message["own"]]
    assert said.count("xin chào") > 1
    written = "".join(log.read_text("utf-8") for log in proxy.config.parent.glob("*.log"))
    assert "mot-khoa-bi-mat" not in written


def _up(browser: Browser) -> bool:
    try:
        return browser.ask("GET", "/")[0] == 200
    except OSError:
        return False
