#!/bin/sh
# Apache Jena, as Debian has it (libapache-jena-java), for the tests of this folder:
#   shacl.sh validate DATA SHAPES…   the SHACL report, in Turtle
#   shacl.sh ntriples DATA           the triples, one a line; JSON-LD in a file called *.jsonld10, since Debian lacks what
#                                    Jena's reader of JSON-LD 1.1 needs
# Two work-arounds. Debian left the messages of the relocated Xerces under org/apache/jena/ext, where Xerces does not look:
# they are put where it does. And Jena 4.5 refuses shapes with several sh:message: the English ones are dropped.
set -e
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$work" && jar xf /usr/share/java/jena-core.jar org/apache/jena/ext/xerces/impl && mv org/apache/jena/ext/xerces .)
class_path=$work
for name in commons-cli commons-codec commons-compress commons-csv commons-io commons-lang3 commons-logging \
    dexx.collection gson guava httpclient httpclient-cache httpcore jackson-annotations jackson-core jackson-databind \
    jakarta.json-api jena-arq jena-base jena-cmds jena-core jena-iri jena-rdfconnection jena-shacl jena-shex \
    jena-dboe-base jena-dboe-index jena-dboe-storage jena-dboe-trans-data jena-dboe-transaction jena-tdb jena-tdb2 \
    jsonld-java protobuf slf4j-api slf4j-simple thrift titanium-json-ld; do
    class_path=$class_path:/usr/share/java/$name.jar
done
run() { java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss8m -cp "$class_path" "$@"; }

command=$1 data=$2
shift 2
case $command in
validate)
    for shapes; do sed -e '/^ *sh:message ".*"@en *; *$/d' "$shapes"; echo; done >"$work/shapes.ttl"
    run shacl.shacl validate --shapes "$work/shapes.ttl" --data "$data"
    ;;
ntriples) run riotcmd.riot --output=ntriples "$data" ;;
esac
