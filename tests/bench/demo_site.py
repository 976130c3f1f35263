"""A demonstration for measurements: started, filled, signed in to, and ended by its own pid."""
import base64
import datetime
import glob
import hashlib
import hmac
import http.client
import json
import os
import re
import struct
import subprocess
import time
import urllib.parse


def totp(secret):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[19] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


class Answer:
    def __init__(self, answer):
        self.status, self.fields, self.body = answer.status, answer.getheaders(), answer.read()
        self.type = self.field("content-type")

    def field(self, name):
        return next((v for k, v in self.fields if k.lower() == name), "")


class Demo:
    """Valdehermoso answers on `port`, with a line in the log for each request, as an installation's does."""

    def __init__(self, concejo, folder, port):
        self.concejo, self.dir, self.port = concejo, os.path.join(folder, "demo"), port
        self.log = os.path.join(folder, "demo.log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([concejo, "demo", "--dir", self.dir, "--port", str(port)],
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        self.pid = self.process.pid

    def __enter__(self):
        if not self.process.stdout.readline().startswith("ready"):
            self.__exit__()
            raise SystemExit("the demonstration did not start")
        self.log_requests()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def log_requests(self):
        """The demonstration itself only logs warnings."""
        file = os.path.join(self.dir, "config", "platform.yaml")
        with open(file) as f:
            text = f.read()
        with open(file, "w") as f:
            f.write(text.replace("nivel: warning", "nivel: info"))
        subprocess.run([self.concejo, "reload", "--dir", self.dir], stdout=subprocess.DEVNULL, check=True)

    def logged(self):
        """Lines of the log that tell of a request."""
        with open(self.log) as f:
            return sum('"us":' in line for line in f)

    def ask(self, path, fields=None, method="GET", body=None):
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            link.request(method, path, body, fields or {})
            return Answer(link.getresponse())
        finally:
            link.close()

    def database_pid(self):
        """PostgreSQL's first process; it is not a child of the platform's."""
        with open(os.path.join(self.dir, "data", "postgresql", "pgdata", "postmaster.pid")) as f:
            return int(f.readline())

    def rows(self):
        said = subprocess.run([self.concejo, "sede", "list", "--dir", self.dir, "--tenant", "valdehermoso", "--json"],
                              capture_output=True, text=True, check=True).stdout
        return len(json.loads(said)["anuncios"])

    def fill_table(self, wanted):
        """Publishes announcements until the staff's list has `wanted` rows."""
        document = sorted(glob.glob(os.path.join(self.dir, "data", "demo", "valdehermoso", "**", "*.pdf"), recursive=True))[0]
        today = datetime.date.today()
        for n in range(self.rows(), wanted):
            subprocess.run([self.concejo, "sede", "publish", "--dir", self.dir, "--tenant", "valdehermoso", "--tipo", "edicto",
                            "--titulo", f"Edicto número {n} de la medida: exposición pública del padrón y plazo de reclamaciones",
                            "--desde", today.isoformat(), "--hasta", (today + datetime.timedelta(20)).isoformat(), document],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    def sign_in(self, login):
        """-> the Cookie field of a session with both factors."""
        with open(os.path.join(self.dir, "demo-credentials.json")) as f:
            person = json.load(f)["valdehermoso"][login]
        cookies = {}

        def visit(path, form=None):
            fields = {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
            if form:
                fields["Content-Type"] = "application/x-www-form-urlencoded"
            answer = self.ask(path, fields, "POST" if form else "GET", urllib.parse.urlencode(form) if form else None)
            for k, v in answer.fields:
                if k.lower() == "set-cookie":
                    name, value = v.split(";")[0].split("=", 1)
                    cookies[name] = value
            return answer

        def submit(path, **values):
            page = visit(path).body.decode()
            form = re.search(r'<form class="card".*?</form>', page, re.S)[0]
            hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
            return visit(re.search(r'action="([^"]+)"', form)[1], {**hidden, **values})

        where = submit("/es/gestion/acceso", usuario=login, clave=person["password"]).field("location")
        page = visit(where).body.decode()
        code = re.search(r'<input[^>]*name="([^"]+)"[^>]*autocomplete="one-time-code"', page) or re.search(r'id="codigo" name="([^"]+)"', page)
        submit(where, **{code[1]: totp(person["totp_secret"])})
        return "; ".join(f"{k}={v}" for k, v in cookies.items())
