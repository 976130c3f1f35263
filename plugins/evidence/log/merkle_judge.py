# An independent reading of RFC 6962, section 2.1, by its recursive definitions: says what tree_test.cpp must have
# found. Input: "leaf HEX" lines, then "root N HASH", "inclusion I N HASH...", "consistency M N HASH...".
import hashlib
import sys

H = lambda b: hashlib.sha256(b).digest()
leaves, checked = [], 0


def cut(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def mth(d):
    if len(d) < 2:
        return H(b"\0" + d[0]) if d else H(b"")
    k = cut(len(d))
    return H(b"\1" + mth(d[:k]) + mth(d[k:]))


def path(m, d):
    if len(d) == 1:
        return []
    k = cut(len(d))
    return path(m, d[:k]) + [mth(d[k:])] if m < k else path(m - k, d[k:]) + [mth(d[:k])]


def subproof(m, d, whole):
    if m == len(d):
        return [] if whole else [mth(d)]
    k = cut(len(d))
    return subproof(m, d[:k], whole) + [mth(d[k:])] if m <= k else subproof(m - k, d[k:], False) + [mth(d[:k])]


for line in sys.stdin:
    word, *rest = line.split()
    if word == "leaf":
        leaves.append(bytes.fromhex(rest[0]) if rest else b"")
        continue
    if word == "root":
        wanted, found = [mth(leaves[: int(rest[0])])], rest[1:]
    else:
        d = leaves[: int(rest[1])]
        wanted, found = path(int(rest[0]), d) if word == "inclusion" else subproof(int(rest[0]), d, True), rest[2:]
    if [h.hex() for h in wanted] != found:
        sys.exit("differs: " + line)
    checked += 1
print(checked, "agree")
