# An independent reading of RFC 4998 (sections 4.3 and 5.3) with a DER reader of its own: does an evidence record prove a file?
# ers_judge.py RECORD FILE  prints "DIGEST ROOT" for each timestamp, in order, or says why not and ends with 1. Signatures and
# certificates are openssl's to judge, with those roots.
import hashlib
import sys

OIDS = {"608648016503040201": "sha256", "608648016503040202": "sha384", "608648016503040203": "sha512"}


def element(b, i):
    size, at = b[i + 1], i + 2
    if size >= 0x80:
        n = size & 0x7F
        size, at = int.from_bytes(b[at : at + n], "big"), at + n
    return b[i], b[at : at + size], b[i : at + size]


def inside(b):
    all, i = [], 0
    while i < len(b):
        one = element(b, i)
        all.append(one)
        i += len(one[2])
    return all


def name(algorithm):
    return OIDS[inside(algorithm)[0][1].hex()]


def imprint(token):
    signed_data = inside(inside(inside(token)[1][1])[0][1])
    info = inside(inside(signed_data[2][1])[1][1])[0][1]
    message = inside(inside(inside(info)[0][1])[2][1])
    return name(message[0][1]), message[1][1]


def over(algorithm, fields, wanted):
    """The hash that the timestamp has to be over, `wanted` being in the first list."""
    H = lambda b: hashlib.new(algorithm, b).digest()
    lists = [[h[1] for h in inside(one[1])] for tag, content, _ in fields if tag == 0xA2 for one in inside(content)]
    if lists and wanted not in lists[0]:
        sys.exit("the hash is not in the first list")
    for i, hashes in enumerate(lists):
        together = sorted(hashes if i == 0 else hashes + [wanted])
        wanted = together[0] if len(together) == 1 else H(b"".join(together))
    return wanted


record, data = open(sys.argv[1], "rb").read(), open(sys.argv[2], "rb").read()
sequence = inside(element(record, 0)[1])[-1]
older = b""
for _, chain, whole in inside(sequence[1]):
    previous = None
    for _, stamp, _ in inside(chain):
        fields = inside(stamp)
        token = fields[-1]
        algorithm = next((name(content) for tag, content, _ in fields if tag == 0xA0), imprint(token[1])[0])
        H = lambda b: hashlib.new(algorithm, b).digest()
        if previous is not None:
            wanted = H(previous)
        elif older:
            length = len(older)
            size = bytes([length]) if length < 128 else (lambda n: bytes([0x80 | len(n)]) + n)(length.to_bytes((length.bit_length() + 7) // 8, "big"))
            wanted = H(H(data) + H(b"\x30" + size + older))
        else:
            wanted = H(data)
        root = over(algorithm, fields, wanted)
        if imprint(token[1]) != (algorithm, root):
            sys.exit("the timestamp is over something else")
        print(algorithm, root.hex())
        previous = token[2]
    older += whole
