#!/usr/bin/env python3
"""Reads a message from standard input with Python's email package and tells what it found, as JSON."""
import email
import email.header
import email.utils
import email.policy
import hashlib
import json
import sys

raw = sys.stdin.buffer.read()


def addresses(name):
    """By the older interface: the newer one puts a blank between two encoded words of a name, against RFC 2047, 6.2."""
    found = []
    for shown, address in email.utils.getaddresses([email.message_from_bytes(raw)[name] or ""]):
        found.append([str(email.header.make_header(email.header.decode_header(shown))), address])
    return found


message = email.message_from_bytes(raw, policy=email.policy.SMTPUTF8)
parts = []
for part in message.walk():
    if part.is_multipart():
        continue
    content = part.get_content()
    data = content.encode() if isinstance(content, str) else content
    parts.append({"type": part.get_content_type(), "charset": part.get_content_charset() or "", "filename": part.get_filename() or "",
                  "disposition": part.get_content_disposition() or "", "encoding": str(part["Content-Transfer-Encoding"]),
                  "text": content.replace("\r\n", "\n") if isinstance(content, str) else "", "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)})
told = {"fields": {name: str(value) for name, value in message.items()}, "count": len(message.items()), "parts": parts,
        "type": message.get_content_type(),
        "defects": [repr(defect) for part in message.walk() for defect in part.defects] +
                   [repr(defect) for name in message.keys() for defect in message[name].defects],
        "to": addresses("To"),
        "from": [[address.display_name, address.addr_spec] for address in message["From"].addresses],
        "longest_line": max(len(line) for line in raw.split(b"\r\n")), "bare": raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r"),
        "ascii": all(byte < 128 for byte in raw), "date": message["Date"].datetime.isoformat()}
print(json.dumps(told))
