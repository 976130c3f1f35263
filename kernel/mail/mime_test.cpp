#include "kernel/mail/mime.hpp"
#include "kernel/base/digest.hpp"
#include "kernel/base/random.hpp"
#include "kernel/mail/encoded.hpp"
#include "kernel/net/testing/other_side.hpp"

#include <concejo/error.hpp>
#include <concejo/json.hpp>

#include <catch2/catch.hpp>

#include <random>

using namespace kernel::mail;
using concejo::Error;
using concejo::Json;

namespace {

Json read(const std::string& message) {
    return Json::parse(kernel::net::testing::output_of(
        "python3 -W ignore -B " CONCEJO_SOURCE_DIR "/kernel/net/testing/read_mail.py", message));
}

Message a_message() {
    Message message;
    message.from = Address::of("Ayuntamiento de Valdehermoso", "sede@valdehermoso.example");
    message.to = {Address::of("Ana Ría", "ana@example.es")};
    message.subject = "Hemos recibido su sugerencia";
    message.text = "Gracias.\n";
    message.message_id = "abc@valdehermoso.example";
    message.date = std::chrono::system_clock::from_time_t(1772442000);  // 2026-03-02T09:00:00Z
    return message;
}

}  // namespace

TEST_CASE("another's parser reads what was meant") {
    auto message = a_message();
    message.to.push_back(Address::of("Peña, \"el Jefe\" \\ (Obras)", "obras@example.es"));
    message.to.push_back(Address::of("", "sin.nombre+etiqueta@example.es"));
    message.cc = {Address::of(
        "Una persona con un nombre muy largo, tanto que no cabe en una línea de setenta y seis — ¡señor!",
        "largo@example.es")};
    message.reply_to = Address::parse("Atención <atencion@example.es>");
    message.subject =
        "Señalización de la calle del Muelle: «obras» desde el 3 de marzo hasta que terminen — más "
        "información en la sede 😀";
    message.text = "Línea con acentos: áéíóú €.\n.\n..dos puntos\nFrom aquí\n" + std::string(300, 'x') +
                   " y una línea larga con eñes: " + std::string(100, '-') + "ñ\nfin con blanco \n\n";
    message.html = "<p>Hola, <b>Ana</b> & cía: áé</p>\n";
    message.attachments = {
        {"plano.pdf", "application/pdf", kernel::base::random_bytes(100000)},
        {"Informe técnico «año 2026» – versión definitiva del señor alcalde (1).pdf", "application/pdf", "x"},
        {"raro\"\\;=.bin", "no es un tipo", std::string("\0\r\n.\r\n", 6)},
        {"vacío", "text/plain", ""}};
    for (const bool eight_bit : {false, true}) {
        const auto raw = build(message, eight_bit);
        const auto found = read(raw);
        INFO(raw.substr(0, 3000));
        CHECK(found.at("defects").dump() == "[]");
        CHECK(found.at("bare").as_int() == 0);
        CHECK(found.at("ascii").as_bool() == !eight_bit);
        CHECK(found.at("longest_line").as_int() <= (eight_bit ? 990 : 78));
        CHECK(found.at("fields").at("Subject").as_string() == message.subject);
        CHECK(found.at("fields").at("Message-ID").as_string() == "<abc@valdehermoso.example>");
        CHECK(found.at("fields").at("Auto-Submitted").as_string() == "auto-generated");
        CHECK(found.at("date").as_string() == "2026-03-02T09:00:00+00:00");
        CHECK(found.at("from").dump() == R"([["Ayuntamiento de Valdehermoso","sede@valdehermoso.example"]])");
        CHECK(
            found.at("to") ==
            Json::parse(
                R"j([["Ana Ría","ana@example.es"],["Peña, \"el Jefe\" \\ (Obras)","obras@example.es"],["","sin.nombre+etiqueta@example.es"]])j"));
        CHECK(found.at("type").as_string() == "multipart/mixed");
        const auto& parts = found.at("parts").as_array();
        REQUIRE(parts.size() == 6);
        CHECK(parts[0].at("type").as_string() == "text/plain");
        CHECK(parts[0].at("text").as_string() == message.text);
        CHECK(parts[0].at("encoding").as_string() == (eight_bit ? "8bit" : "quoted-printable"));
        CHECK(parts[1].at("type").as_string() == "text/html");
        CHECK(parts[1].at("text").as_string() == message.html);
        for (std::size_t i = 0; i < 4; ++i) {
            CHECK(parts[i + 2].at("filename").as_string() == message.attachments[i].name);
            CHECK(parts[i + 2].at("disposition").as_string() == "attachment");
            if (i != 3)
                CHECK(parts[i + 2].at("sha256").as_string() ==
                      kernel::base::sha256_hex(message.attachments[i].content));
        }
        CHECK(build(message, eight_bit) == raw);  // the same bytes each time
    }
}

TEST_CASE("subjects, names and file names of every kind come through unchanged") {
    std::mt19937 chance(11);
    const std::vector<std::string> pieces{
        "a",   "palabra", " ", "ñ", "€", "😀", "=?UTF-8?Q?x?=", "\"", "\\",
        ",",   "<",       ">", "@", ";", "'", "%41",           "é",  std::string(70, 'w'),
        "(c)", ":",       "=", "?", "_"};
    for (int i = 0; i < 25; ++i) {
        std::string text = "x";
        for (auto n = chance() % 30; n > 0; --n) text += pieces[chance() % pieces.size()];
        text += "y";
        auto message = a_message();
        message.subject = text;
        message.to = {Address::of(text, "ana@example.es")};
        message.attachments = {{text, "text/plain", "hola\n"}};
        const auto found = read(build(message, false));
        INFO(text);
        CHECK(found.at("fields").at("Subject").as_string() == text);
        CHECK(found.at("to").as_array()[0].as_array()[0].as_string() == text);
        CHECK(found.at("parts").as_array()[1].at("filename").as_string() == text);
        CHECK(found.at("longest_line").as_int() <= 998);
        CHECK(found.at("ascii").as_bool());
    }
}

TEST_CASE("nothing in a field begins another one") {
    for (const char* text : {"a\r\nBcc: otro@example.es", "a\nb", "a\rb", "a\x01", "a\x7f", "\xff"}) {
        INFO(text);
        auto message = a_message();
        message.subject = text;
        CHECK_THROWS_AS(build(message, false), Error);
        message = a_message();
        message.attachments = {{text, "text/plain", ""}};
        CHECK_THROWS_AS(build(message, false), Error);
        CHECK_THROWS_AS(Address::of(text, "a@example.es"), Error);
    }
    auto message = a_message();
    message.attachments = {{"a", "text/html\r\nX: y", "z"}};
    const auto found = read(build(message, false));
    CHECK(found.at("parts").as_array()[1].at("type").as_string() == "application/octet-stream");
    message.to.clear();
    CHECK_THROWS_AS(build(message, false), Error);
}

TEST_CASE("addresses: what may stand in an envelope") {
    for (const char* good : {"a@b.es", "ana.ría@example.es", "a+b@x-y.example", "ana@ejemplo.españa",
                             "o'brien@example.ie", "<a@b.es>", "Ana <a@b.es>", "\"Ría, Ana\" <a@b.es>"}) {
        INFO(good);
        CHECK_NOTHROW(Address::parse(good));
    }
    CHECK(Address::parse("Ana <Ana@EXAMPLE.es>") == Address{"Ana", "Ana@example.es"});
    CHECK_FALSE(Address::parse("ana@ejemplo.españa").ascii());
    for (const char* bad : {"",
                            "a",
                            "@b.es",
                            "a@",
                            "a@b@c.es",
                            "a b@c.es",
                            "a@b..es",
                            ".a@b.es",
                            "a.@b.es",
                            "a@-b.es",
                            "a@b.es-",
                            "a@[127.0.0.1]",
                            "\"a b\"@c.es",
                            "a@b.es\r\nDATA",
                            "a@b.es>",
                            "<a@b.es",
                            "a@b.es, c@d.es",
                            "a@b_c.es",
                            "a(c)@b.es",
                            "a@b.es SIZE=1",
                            "a\xff@b.es"}) {
        INFO(bad);
        CHECK_THROWS_AS(Address::parse(bad), Error);
    }
    CHECK_THROWS_AS(Address::parse(std::string(65, 'a') + "@b.es"), Error);
    CHECK_THROWS_AS(Address::parse("a@" + std::string(64, 'b') + ".es"), Error);
    std::mt19937 chance(5);
    const std::string alphabet = "ab.@<> \"\\(),;:\r\nñ+-_'[]";
    for (int i = 0; i < 100000; ++i) {
        std::string text;
        for (auto n = chance() % 14; n > 0; --n) text += alphabet[chance() % alphabet.size()];
        try {
            const auto address = Address::parse(text);
            REQUIRE(Address::parse(address.address).address == address.address);
            REQUIRE(address.address.find_first_of("\r\n<> ") == std::string::npos);
        } catch (const Error&) {
        }
    }
}
