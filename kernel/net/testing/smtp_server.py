#!/usr/bin/env python3
"""Mail servers for tests. Each message that was taken becomes one line of JSON in LOG.

    smtp_server.py smtpd LOG                    Python's own smtpd module: another's reading of the standard
    smtp_server.py habits LOG [OPTION...]       one that fails in the ways that the recipient's name asks for
        tls=CERT,KEY  starttls=CERT,KEY  auth=PLAIN+LOGIN  user=NAME:PASSWORD  plain (announces nothing)
"""
import asyncore
import base64
import json
import os
import socket
import socketserver
import ssl
import sys
import threading
import time


def keep(log, **message):
    message["data"] = base64.b64encode(message["data"]).decode()
    fd = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(fd, (json.dumps(message) + "\n").encode())
    os.close(fd)


class Habits(socketserver.BaseRequestHandler):
    def say(self, text):
        self.connection.sendall((text + "\r\n").encode())

    def line(self):
        text = self.file.readline(4096)
        if not text:
            raise ConnectionError
        return text.decode("utf-8", "surrogateescape").rstrip("\r\n")

    def wrap(self, files):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files.split(","))
        self.connection = context.wrap_socket(self.connection, server_side=True)
        self.file = self.connection.makefile("rb")
        self.secure = True

    def handle(self):
        self.options, self.secure, self.user = self.server.options, False, None
        self.connection = self.request
        self.file = self.connection.makefile("rb")
        try:
            if "tls" in self.options:
                self.wrap(self.options["tls"])
            if "silent" in self.options:
                time.sleep(30)
            self.say("220-hello\r\n220 there")
            while True:
                self.command(self.line())
        except (ConnectionError, ssl.SSLError, OSError):
            pass

    def command(self, line):
        verb = line.split(" ")[0].split(":")[0].upper()
        getattr(self, "on_" + verb.lower(), lambda _: self.say("502 5.5.2 what?"))(line)

    def on_ehlo(self, _):
        offered = ["habits.test greets you"]
        if "plain" not in self.options:
            offered += ["8BITMIME", "SMTPUTF8", "SIZE 10000000"]
        if "starttls" in self.options and not self.secure:
            offered.append("STARTTLS")
        if "auth" in self.options:
            offered.append("AUTH " + self.options["auth"].replace("+", " "))
        for text in offered[:-1]:
            self.say("250-" + text)
        self.say("250 " + offered[-1])

    def on_starttls(self, _):
        if "inject" in self.options:
            self.connection.sendall(b"220 go\r\n250 injected before the cipher\r\n")
        else:
            self.say("220 go")
        self.wrap(self.options["starttls"])

    def on_auth(self, line):
        words = line.split(" ")
        if words[1] == "PLAIN":
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
        else:
            self.say("334 VXNlcm5hbWU6")
            user = base64.b64decode(self.line()).decode()
            self.say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(self.line()).decode()
        if user + ":" + password == self.options["user"]:
            self.user = user
            self.say("235 2.7.0 welcome")
        else:
            self.say("535 5.7.8 no")

    def on_mail(self, line):
        if "auth" in self.options and not self.user:
            return self.say("530 5.7.0 who are you?")
        self.mail = line
        self.say("250 2.1.0 ok")

    def on_rcpt(self, line):
        self.to = line
        if "permanente@" in line:
            return self.say("550 5.1.1 no such user")
        if "temporal@" in line:
            return self.say("450 4.2.1 come back later")
        self.say("250 2.1.5 ok")

    def on_data(self, _):
        self.say("354 go ahead")
        data = b""
        while True:
            line = self.file.readline(100000)
            if not line:
                raise ConnectionError
            if line == b".\r\n":
                break
            data += line[1:] if line.startswith(b".") else line
        if "spam@" in self.to:
            return self.say("554 5.7.1 not this")
        keep(self.server.log, mail=self.mail, to=self.to, data=data, secure=self.secure, user=self.user)
        if "cae@" in self.to and self.server.first(self.to):
            self.connection.close()
            raise ConnectionError
        if "lento" in self.options:
            time.sleep(float(self.options["lento"]))
        self.say("250 2.0.0 queued as 1A2B")

    def on_quit(self, _):
        self.say("221 bye")
        raise ConnectionError


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    seen = set()

    def first(self, name):
        new = name not in self.seen
        self.seen.add(name)
        return new


def habits():
    server = Server(("127.0.0.1", 0), Habits)
    server.log = sys.argv[2]
    server.options = dict((option + "=").split("=")[:2] for option in sys.argv[3:])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def by_smtpd():
    import smtpd

    class Keeper(smtpd.SMTPServer):
        def process_message(self, peer, mailfrom, rcpttos, data, **options):
            keep(sys.argv[2], mail=mailfrom, to=rcpttos[0], data=data, options=options.get("mail_options"))

    server = Keeper(("127.0.0.1", 0), None, enable_SMTPUTF8=True)
    threading.Thread(target=asyncore.loop, kwargs={"timeout": 0.2}, daemon=True).start()
    return server.socket.getsockname()[1]


print({"smtpd": by_smtpd, "habits": habits}[sys.argv[1]](), flush=True)
sys.stdin.read()
