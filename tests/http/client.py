"""Raw sockets and helper processes for the tests of the front. Python's standard library only."""
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time


def connect(port, timeout=5.0):
    s = socket.create_connection(("127.0.0.1", port), timeout=timeout)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def receive(s, quiet=1.0, limit=1 << 26):
    """Reads until the peer closes, `quiet` seconds pass without a byte, or `limit`. -> (bytes, state)"""
    s.settimeout(quiet)
    got = bytearray()
    try:
        while len(got) < limit:
            piece = s.recv(65536)
            if not piece:
                return bytes(got), "closed"
            got += piece
    except socket.timeout:
        return bytes(got), "open"
    except (ConnectionResetError, BrokenPipeError):
        return bytes(got), "reset"
    return bytes(got), "open"


def ask(port, path, method="GET", extra="", body=b"", quiet=5.0):
    """One request on a connection of its own. -> (status, head, body)"""
    with connect(port) as s:
        head = f"{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{extra}"
        if body:
            head += f"Content-Length: {len(body)}\r\n"
        s.sendall(head.encode("latin1") + b"\r\n" + body)
        data, _ = receive(s, quiet)
    return split(data)


def split(data):
    head, _, body = data.partition(b"\r\n\r\n")
    m = re.match(rb"HTTP/1\.1 (\d{3})", head)
    return (int(m[1]) if m else 0), head.decode("latin1"), body


class Process:
    """A server started by a test, and ended by it, by its own pid."""

    def __init__(self, command, port=None, **kwargs):
        self.p = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **kwargs)
        self.pid = self.p.pid
        self.sanitized = False
        if port is None:
            line = self.p.stdout.readline().decode()
            if not line.startswith("port "):
                raise SystemExit(f"{command[0]} did not start: {line!r}")
            port = int(line.split()[1])
            self.sanitized = "sanitized" in line
        self.port = port

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def rss(self):
        with open(f"/proc/{self.pid}/status") as f:
            return int(re.search(r"VmRSS:\s+(\d+)", f.read())[1]) * 1024

    def alive(self):
        return self.p.poll() is None

    def stop(self, sig=signal.SIGTERM, wait=30):
        if self.alive():
            self.p.send_signal(sig)
        try:
            return self.p.wait(wait)
        except subprocess.TimeoutExpired:
            self.p.kill()
            self.p.wait()
            return "killed"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
        self.p.stdout.close()


def fixture(binary, *settings, **kwargs):
    return Process([binary, *settings], **kwargs)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def nginx(folder, bodies, workers=1, more=""):
    """nginx with the limits of http.md, serving `bodies` {name: bytes}; `more` goes into its server block.
    None when it is not installed."""
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if not binary:
        return None
    root = os.path.join(folder, "root")
    os.makedirs(root, exist_ok=True)
    for name, content in bodies.items():
        with open(os.path.join(root, name), "wb") as f:
            f.write(content)
    os.chmod(folder, 0o755)
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "nginx.conf")) as f:
        text = f.read()
    text = text.replace("@USER@", user).replace("@DIR@", folder).replace("@PORT@", str(port))
    text = text.replace("@WORKERS@", str(workers)).replace("@MORE@", more.replace("@DIR@", folder))
    conf = os.path.join(folder, "nginx.conf")
    with open(conf, "w") as f:
        f.write(text)
    p = Process([binary, "-p", folder, "-c", conf, "-e", os.path.join(folder, "error.log")], port=port)
    for _ in range(100):
        try:
            connect(port, 1).close()
            return p
        except OSError:
            if not p.alive():
                break
            time.sleep(0.05)
    p.stop()
    return None


def scratch():
    return tempfile.mkdtemp(prefix="concejo-http-")
