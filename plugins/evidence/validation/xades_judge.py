# An independent reading of EN 319 132-1, section 5.5.2, with libxml2's canonical forms through lxml: what each archive timestamp of
# the first XAdES signature of a file is over.
# xades_judge.py FILE SIGNATURE  prints the SHA-256 of each one's octets, in order, writes its token to N.tst, and the signature
# alone to SIGNATURE.
import base64
import hashlib
import sys
from copy import deepcopy

from lxml import etree

DS = "{http://www.w3.org/2000/09/xmldsig#}"
XADES = "{http://uri.etsi.org/01903/v1.3.2#}"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"


def canonical(node, algorithm):
    return etree.tostring(node, method="c14n", exclusive=algorithm == EXCLUSIVE, with_comments=False)


def referenced(root, signature, reference):
    uri = reference.get("URI")
    target = root if uri == "" else next(n for n in root.iter() if n.get("Id") == uri[1:])
    for transform in reference.iter(DS + "Transform"):
        algorithm = transform.get("Algorithm")
        if algorithm.endswith("#enveloped-signature"):
            number = [n for n in target.iter(DS + "Signature")].index(signature)
            target = deepcopy(target)
            gone = [n for n in target.iter(DS + "Signature")][number]
            assert gone.tail is None
            gone.getparent().remove(gone)
        else:
            target = canonical(target, algorithm)
    return target


root = etree.parse(sys.argv[1]).getroot()
signature = next(root.iter(DS + "Signature"))
info = signature.find(DS + "SignedInfo")
properties = next(signature.iter(XADES + "UnsignedSignatureProperties"))
count = 0
for at, stamp in enumerate(properties):
    if etree.QName(stamp).localname != "ArchiveTimeStamp":
        continue
    form = stamp.find(DS + "CanonicalizationMethod").get("Algorithm")
    octets = b"".join(referenced(root, signature, one) for one in info.findall(DS + "Reference"))
    for name in ("SignedInfo", "SignatureValue", "KeyInfo"):
        octets += canonical(signature.find(DS + name), form)
    for one in properties[:at]:
        octets += canonical(one, form)
    ids = {one.get("URI") for one in info.findall(DS + "Reference")}
    for one in signature.findall(DS + "Object"):
        if one.find(XADES + "QualifyingProperties") is None and "#" + one.get("Id", "") not in ids:
            octets += canonical(one, form)
    print(hashlib.sha256(octets).hexdigest())
    count += 1
    with open(f"{count}.tst", "wb") as out:
        out.write(base64.b64decode(stamp.find(XADES + "EncapsulatedTimeStamp").text))
with open(sys.argv[2], "wb") as out:
    out.write(etree.tostring(signature, with_tail=False))
