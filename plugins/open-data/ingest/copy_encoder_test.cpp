// The binary COPY, read by a decoder that is not ours: Python's struct, after PostgreSQL's documentation.
#include "plugins/open-data/ingest/encoding.hpp"
#include "plugins/open-data/ingest/test_support.hpp"
#include "tests/support/shell.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace {

using namespace open_data::ingest;

constexpr const char* decoder = R"(
import datetime, decimal, struct, sys
data = open(sys.argv[1], 'rb').read(); types = sys.argv[2].split()
assert data[:19] == b'PGCOPY\n\xff\r\n\0' + bytes(8); at = 19
decimal.getcontext().prec = 200
def numeric(b):
    n, weight, sign, scale = struct.unpack('>hhHh', b[:8])
    digits = struct.unpack('>%dh' % n, b[8:]); assert all(0 <= d < 10000 for d in digits)
    value = sum((decimal.Decimal(d).scaleb(4 * (weight - i)) for i, d in enumerate(digits)), decimal.Decimal(0))
    return format(-value if sign == 0x4000 else value, '.%df' % scale)
epoch = datetime.datetime(2000, 1, 1)
read = {
    'text': lambda b: b.decode('utf-8'), 'integer': lambda b: str(struct.unpack('>q', b)[0]), 'numeric': numeric,
    'boolean': lambda b: str(struct.unpack('>?', b)[0]),
    'date': lambda b: (epoch + datetime.timedelta(days=struct.unpack('>i', b)[0])).date().isoformat(),
    'time': lambda b: (epoch + datetime.timedelta(microseconds=struct.unpack('>q', b)[0])).time().isoformat(),
    'timestamp': lambda b: (epoch + datetime.timedelta(microseconds=struct.unpack('>q', b)[0])).isoformat()}
while True:
    (fields,) = struct.unpack_from('>h', data, at); at += 2
    if fields == -1: break
    assert fields == len(types) + 1
    row = []
    for kind in ['integer'] + types:
        (size,) = struct.unpack_from('>i', data, at); at += 4
        row.append('~' if size < 0 else read[kind](data[at:at + size])); at += max(size, 0)
    print('|'.join(row).replace('\n', '\\n'))
assert at == len(data)
)";

std::string encode(const std::string& text, std::string& types, Report* report = nullptr) {
    const auto source = make_source(Bytes(text));
    const Recipe recipe = understand(*source);
    for (const auto& column : recipe.columns) {
        if (!column.skip) types += std::string(name(column.type)) + " ";
    }
    Reader reader(*source, recipe);
    CopyEncoder encoder(reader);
    std::string all, piece;
    while (encoder.next(piece)) {
        CHECK(piece.size() <= 2 * max_row);
        all += piece;
    }
    if (report) *report = reader.report();
    return all;
}

/// What Python reads in it: a row a line.
std::string decoded(const std::string& text) {
    const tests::Folder folder;
    std::string types;
    const auto copy = folder.write("copy", encode(text, types));
    return tests::run("python3 '" + folder.write("decode.py", decoder) + "' '" + copy + "' '" + types + "'")
        .output;
}

}  // namespace

TEST_CASE("another decoder reads from the binary COPY what stands in the file") {
    CHECK(decoded("t;i;n;b;f;h;m\n"
                  "Peñón;1;0,5;sí;29/02/2024;8:30;01/02/2024 10:30\n"
                  "\"a\nb\";-9223372036854775808;-12345,678;no;31/12/1999;23:59:59;31/12/1969 00:00:00\n"
                  "x;-;-;;-;;\n"
                  "y;7;1.234.567.890.123.456.789,10;sí;01/01/0099;0:00;01/01/2000 0:00\n"
                  "z;0;0,00;no;01/01/2000;0:00:00,000001;01/01/2000 0:00\n") ==
          "1|Peñón|1|0.5|True|2024-02-29|08:30:00|2024-02-01T10:30:00\n"
          "2|a\\nb|-9223372036854775808|-12345.678|False|1999-12-31|23:59:59|1969-12-31T00:00:00\n"
          "3|x|~|~|~|~|~|~\n"
          "4|y|7|1234567890123456789.10|True|0099-01-01|00:00:00|2000-01-01T00:00:00\n"
          "5|z|0|0.00|False|2000-01-01|00:00:00.000001|2000-01-01T00:00:00\n");
}

TEST_CASE("pieces are small, so that the server reads one while the next is made") {
    std::string text = "n;x\n";
    for (int row = 0; row < 20'000; ++row) text += std::to_string(row) + ";calle\n";
    const auto source = make_source(Bytes(text));
    Reader reader(*source, understand(*source));
    CopyEncoder encoder(reader);
    std::size_t pieces = 0;
    for (std::string piece; encoder.next(piece); ++pieces)
        CHECK(piece.size() <= (std::size_t{32} << 10) + 64);
    CHECK(pieces >= 20);
    CHECK(reader.report().accepted == 20'000);
}

TEST_CASE("numbers of any length and scale come out as they went in") {
    std::mt19937 random(7);
    std::string text = "n;x\n", expected;
    for (int row = 1; row <= 500; ++row) {
        std::string number(1, static_cast<char>('1' + random() % 9));
        for (auto more = random() % 30; more; --more)
            number += static_cast<char>('0' + (random() % 3 ? random() % 10 : 0));
        if (random() % 8 == 0) number = "0";
        number += '.';
        for (auto more = 1 + random() % 20; more; --more)
            number += static_cast<char>('0' + (random() % 3 ? random() % 10 : 0));
        if (random() % 2 && number.find_first_of("123456789") != std::string::npos) number.insert(0, "-");
        text += number + ";y\n";
        expected += std::to_string(row) + "|" + number + "|y\n";
    }
    CHECK(decoded(text) == expected);
}

TEST_CASE("a file that is damaged anywhere is read without harm, and no row is lost silently") {
    const std::string good =
        "Título;;;\n\nid;objeto;importe;fecha\n1;\"x;\"\"y\"\"\";1.234,50;01/02/2024\n2;Peñón;2,5;02/02/"
        "2024\n"
        "3;\"dos\nlíneas\";3,5 €;03/02/2024\nTotal;;6;\nNota;;;\n";
    const std::string odd("\"';,|\t\n\r\0\xFF\xC3\xE2\x80#-0.\\", 18);
    std::mt19937 random(11);
    for (int round = 0; round < 2000; ++round) {
        std::string bad = good;
        for (auto times = 1 + random() % 6; times; --times) {
            const auto at = random() % bad.size();
            switch (random() % 4) {
                case 0:
                    bad[at] = odd[random() % odd.size()];
                    break;
                case 1:
                    bad.erase(at, 1 + random() % 9);
                    break;
                case 2:
                    bad.insert(at, 1, odd[random() % odd.size()]);
                    break;
                default:
                    bad.insert(at, bad.substr(random() % bad.size(), random() % 40));
            }
            if (bad.empty()) bad = ";";
        }
        INFO(bad);
        const auto outcome = testing::read_bytes(bad);
        CHECK(outcome.report.accepted + outcome.report.rejected == outcome.report.read);
        CHECK(outcome.report.accepted == outcome.rows.size());
        for (const auto& row : outcome.rows) {
            for (std::string_view cell : row) {
                while (!cell.empty()) {
                    const auto length = utf8_sequence(cell);
                    REQUIRE(length > 0);
                    REQUIRE(cell.front() != '\0');
                    cell.remove_prefix(length);
                }
            }
        }
    }
}
