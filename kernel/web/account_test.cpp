// Logging in, forms, permissions, tokens: with the real identity folder on a real PostgreSQL.
#include "kernel/web/site_fixture.hpp"

#include "kernel/base/encoding.hpp"
#include "kernel/identity/tokens.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

using namespace kernel;
using namespace kernel::web;
using concejo::Json;

namespace {

const identity::Origin by{"system:test", "", ""};

std::string token_in(const http::Response& page) {
    return after(text_of(page), "name=\"csrf_token\" value=\"");
}
std::string key_in(const http::Response& page) { return after(text_of(page), "name=\"form_key\" value=\""); }

http::Response post(World& w, const std::string& target, const std::string& cookie,
                    std::vector<http::Field> form, std::vector<http::Field> fields = {}) {
    fields.push_back({"Cookie", cookie});
    return w.ask(request("POST", "ribera.test", target, std::move(fields), std::move(form)));
}

}  // namespace

TEST_CASE("who is not logged in is sent to the login and back") {
    World w;
    const auto answer = w.get("ribera.test", "/ca/gestion/buzon?p=2");
    CHECK(answer.status == 303);
    CHECK(answer.field("Location") == "/ca/gestion/acceso?volver=/ca/gestion/buzon%3Fp%3D2");
    const auto form = w.get("ribera.test", std::string(answer.field("Location")));
    CHECK(form.status == 200);
    CHECK(after(text_of(form), "name=\"next\" value=\"") == "/ca/gestion/buzon?p=2");
    CHECK(after(text_of(w.get("ribera.test", "/es/gestion/acceso?volver=//evil.example/es/")),
                "name=\"next\" value=\"")
              .empty());
}

TEST_CASE("whose session ended meanwhile is told that the form was not kept, and finds its page again") {
    World w;
    const auto path = [](const http::Response& answer) { return std::string(answer.field("Location")); };
    const auto sent = post(w, "/ca/gestion/buzon", "concejo=caducada", {{"texto", "hola"}});
    CHECK(sent.status == 303);
    CHECK(path(sent) == "/ca/gestion/acceso?caducada=1&volver=/ca/gestion/buzon");
    const auto login = text_of(w.get("ribera.test", path(sent)));
    CHECK(has(login, "data-c=\"login-notice\""));
    CHECK(after(login, "name=\"next\" value=\"") == "/ca/gestion/buzon");
    CHECK(path(w.get("ribera.test", "/es/gestion/buzon", {{"Cookie", "concejo=caducada"}})) ==
          "/es/gestion/acceso?caducada=1&volver=/es/gestion/buzon");
    // where nothing can be read there is nowhere to go back to
    CHECK(path(post(w, "/es/gestion/salir", "concejo=caducada", {})) == "/es/gestion/acceso?caducada=1");
    CHECK_FALSE(has(text_of(w.get("ribera.test", "/es/gestion/acceso")), "login-notice"));
}

TEST_CASE("login, work, log out") {
    World w;
    const auto cookie = w.session();
    CHECK(has(cookie, "concejo="));
    const auto home = w.get("ribera.test", "/es/gestion", {{"Cookie", cookie}});
    CHECK(home.status == 200);
    CHECK(home.field("Cache-Control") == "no-store");
    CHECK(has(text_of(home), "/es/gestion/buzon\""));
    CHECK_FALSE(has(text_of(home), "jefatura"));  // without the permission there is no entry
    CHECK(has(text_of(home), "Sara Ría"));
    CHECK(w.get("ribera.test", "/es/gestion/buzon", {{"Cookie", cookie}}).status == 200);
    CHECK(w.get("ribera.test", "/es/gestion/buzon/jefatura", {{"Cookie", cookie}}).status == 403);
    // The same cookie says nothing in another municipality.
    CHECK(w.get("puerto.test", "/es/gestion", {{"Cookie", cookie}}).status == 303);

    CHECK(post(w, "/es/gestion/salir", cookie, {}).status == 403);
    CHECK(w.get("ribera.test", "/es/gestion", {{"Cookie", cookie}}).status == 200);
    const auto out = post(w, "/es/gestion/salir", cookie, {{"csrf_token", token_in(home)}});
    CHECK(out.status == 303);
    CHECK(w.get("ribera.test", "/es/gestion", {{"Cookie", cookie}}).status == 303);
}

TEST_CASE("a wrong password says neither what was wrong nor lets in") {
    World w;
    w.session();
    const auto form = w.get("ribera.test", "/es/gestion/acceso");
    const auto visitor = cookies_of(form);
    for (const auto* login : {"secretaria", "nadie"}) {
        const auto answer =
            post(w, "/es/gestion/acceso", visitor,
                 {{"csrf_token", token_in(form)}, {"usuario", login}, {"clave", "otra cosa distinta"}});
        CHECK(answer.status == 422);
        CHECK(has(text_of(answer), "El usuario o la contraseña no son correctos"));
        CHECK_FALSE(has(cookies_of(answer), "concejo="));
    }
    CHECK(post(w, "/es/gestion/acceso", visitor, {{"usuario", "secretaria"}, {"clave", password}}).status ==
          403);
    CHECK(post(w, "/es/gestion/acceso", "",
               {{"csrf_token", token_in(form)}, {"usuario", "secretaria"}, {"clave", password}})
              .status == 403);
}

TEST_CASE("the second factor: enrolled by its code, asked for afterwards") {
    World w;
    const auto cookie = w.session();
    const auto setup = w.get("ribera.test", "/es/gestion/verificacion", {{"Cookie", cookie}});
    const auto secret = after(text_of(setup), "<code class=\"hash\">").substr(0, 32);
    const auto action = after(text_of(setup), "<form class=\"card\" method=\"post\" action=\"");
    const auto qr = w.get(
        "ribera.test",
        after(text_of(setup), "<img src=\"/es/gestion/verificacion").insert(0, "/es/gestion/verificacion"),
        {{"Cookie", cookie}});
    CHECK(qr.field("Content-Type") == "image/svg+xml");
    CHECK(qr.field("Cache-Control") == "no-store");
    const auto bytes = base::unbase32(secret);
    REQUIRE(bytes);
    const auto code = [&](int later) {
        return identity::totp_code(*bytes, identity::totp_step(w.clock.now()) + later);
    };
    const auto wrong = post(w, action, cookie, {{"csrf_token", token_in(setup)}, {"codigo", "000000"}});
    CHECK(wrong.status == 422);
    CHECK(has(text_of(wrong), secret));  // the same one: nobody has to scan again
    CHECK(post(w, action, cookie, {{"csrf_token", token_in(setup)}, {"codigo", code(0)}}).status == 200);

    const auto form = w.get("ribera.test", "/es/gestion/acceso?volver=/es/gestion/buzon");
    const auto visitor = cookies_of(form);
    const auto first = post(w, "/es/gestion/acceso", visitor,
                            {{"csrf_token", token_in(form)},
                             {"usuario", "secretaria"},
                             {"clave", password},
                             {"next", "/es/gestion/buzon"}});
    CHECK(first.field("Location") == "/es/gestion/acceso/codigo?volver=/es/gestion/buzon");
    const auto ticket = cookies_of(first);
    CHECK_FALSE(has(ticket, "concejo="));
    const auto step =
        w.get("ribera.test", std::string(first.field("Location")), {{"Cookie", visitor + "; " + ticket}});
    w.clock.now_ += std::chrono::seconds(30);
    const auto in =
        post(w, "/es/gestion/acceso/codigo", visitor + "; " + ticket,
             {{"csrf_token", token_in(step)}, {"codigo", code(0)}, {"next", "/es/gestion/buzon"}});
    CHECK(in.status == 303);
    CHECK(in.field("Location") == "/es/gestion/buzon");
    CHECK(has(cookies_of(in), "concejo="));
}

TEST_CASE("sessions can be seen, and all others ended") {
    World w;
    const auto mine = w.session(), other = w.session();
    const auto page = w.get("ribera.test", "/es/gestion/sesiones", {{"Cookie", mine}});
    CHECK(has(text_of(page), "/cerrar\""));
    CHECK(post(w, "/es/gestion/sesiones/cerrar", mine, {{"csrf_token", token_in(page)}}).status == 303);
    CHECK(w.get("ribera.test", "/es/gestion", {{"Cookie", other}}).status == 303);
    CHECK(w.get("ribera.test", "/es/gestion", {{"Cookie", mine}}).status == 200);
}

TEST_CASE("a password that somebody else chose must be changed before anything else") {
    World w;
    const auto* ribera = w.tenants->by_slug("ribera");
    identity::Users users(*w.databases.pool, w.passwords, w.clock);
    users.add({ribera->id, "nueva", "Nueva", "", {"atencion"}, password, true}, by);
    const auto cookie = w.session("nueva");
    CHECK(w.get("ribera.test", "/es/gestion/buzon", {{"Cookie", cookie}}).field("Location") ==
          "/es/gestion/clave");
    const auto form = w.get("ribera.test", "/es/gestion/clave", {{"Cookie", cookie}});
    const auto send = [&](const char* present, const char* fresh, const char* again) {
        return post(
            w, "/es/gestion/clave", cookie,
            {{"csrf_token", token_in(form)}, {"actual", present}, {"nueva", fresh}, {"repetida", again}});
    };
    CHECK(send("no es esta clave", "cinco perros en el patio", "cinco perros en el patio").status == 422);
    CHECK(send(password, "cinco perros en el patio", "seis perros en el patio").status == 422);
    CHECK(send(password, "corta", "corta").status == 422);
    const auto done = send(password, "cinco perros en el patio", "cinco perros en el patio");
    CHECK(done.status == 200);
    CHECK(w.get("ribera.test", "/es/gestion/buzon", {{"Cookie", cookies_of(done)}}).status == 200);
    CHECK(w.get("ribera.test", "/es/gestion/buzon", {{"Cookie", cookie}}).status ==
          303);  // the old token is dead
}

TEST_CASE("a form is taken from our own pages, once") {
    World w;
    const auto page = w.get("ribera.test", "/es/buzon/nuevo");
    const auto visitor = cookies_of(page);
    const std::vector<http::Field> form = {
        {"csrf_token", token_in(page)}, {"form_key", key_in(page)}, {"texto", "hola"}};
    CHECK(post(w, "/es/buzon", visitor, {{"texto", "hola"}}).status == 403);
    CHECK(post(w, "/es/buzon", "", form).status == 403);
    CHECK(post(w, "/es/buzon", visitor, form, {{"Origin", "http://evil.example"}}).status == 403);
    CHECK(post(w, "/es/buzon", visitor, form, {{"Sec-Fetch-Site", "cross-site"}}).status == 403);
    CHECK(w.sent == 0);
    const auto first = post(w, "/es/buzon", visitor, form, {{"Origin", "http://ribera.test"}}),
               again = post(w, "/es/buzon", visitor, form);
    CHECK(first.status == 303);
    CHECK(again.status == 303);
    CHECK(again.field("Location") == first.field("Location"));
    CHECK(w.sent == 1);
    auto changed = form;
    changed.back().value = "otra cosa";
    CHECK(post(w, "/es/buzon", visitor, changed).status == 422);
    CHECK(w.sent == 1);
}

TEST_CASE("a refused form may be sent again with the same key") {
    World w;
    const auto page = w.get("ribera.test", "/es/buzon/nuevo");
    const auto visitor = cookies_of(page);
    std::vector<http::Field> form = {
        {"csrf_token", token_in(page)}, {"form_key", key_in(page)}, {"texto", ""}};
    const auto refused = post(w, "/es/buzon", visitor, form);
    CHECK(refused.status == 400);
    CHECK(has(text_of(refused), "el texto no puede estar vacío"));
    form.back().value = "ahora sí";
    CHECK(post(w, "/es/buzon", visitor, form).status == 303);
}

TEST_CASE("eight clicks at the same moment are one message") {
    World w;
    const auto page = w.get("ribera.test", "/es/buzon/nuevo");
    const auto visitor = cookies_of(page);
    const std::vector<http::Field> form = {
        {"csrf_token", token_in(page)}, {"form_key", key_in(page)}, {"texto", "hola"}};
    std::vector<std::thread> clicks;
    std::atomic<int> good{0};
    for (int i = 0; i < 8; ++i)
        clicks.emplace_back([&] { good += post(w, "/es/buzon", visitor, form).status == 303; });
    for (auto& click : clicks) click.join();
    CHECK(w.sent == 1);
    CHECK(good == 8);
}

TEST_CASE("a change of a plugin drops the municipality's pages here at once") {
    World w;
    w.get("ribera.test", "/es/buzon");
    const auto page = w.get("ribera.test", "/es/buzon/nuevo");
    post(w, "/es/buzon", cookies_of(page), {{"csrf_token", token_in(page)}, {"texto", "hola"}});
    w.get("ribera.test", "/es/buzon");
    CHECK(w.renders == 2);
}

TEST_CASE("programs come with a token that has the scope, and get JSON when they have not") {
    World w;
    const auto* ribera = w.tenants->by_slug("ribera");
    const identity::Tokens tokens(*w.databases.pool, w.clock);
    const auto good = tokens.create(ribera->id, "bueno", {"buzon.leer"}, std::nullopt, by).secret,
               poor = tokens.create(ribera->id, "pobre", {"buzon.mandar"}, std::nullopt, by).secret;
    const auto send = [&](const char* host, std::vector<http::Field> fields) {
        return w.ask(request("POST", host, "/api/buzon", std::move(fields)));
    };
    const auto none = send("ribera.test", {});
    CHECK(none.status == 401);
    CHECK(none.field("WWW-Authenticate") == "Bearer");
    CHECK(none.field("Content-Type") == "application/problem+json");
    CHECK(send("ribera.test", {{"Authorization", "Bearer " + poor}}).status == 403);
    CHECK(send("ribera.test", {{"Authorization", "Bearer cj_nada"}}).status == 401);
    CHECK(send("puerto.test", {{"Authorization", "Bearer " + good}}).status ==
          503);  // off there, whoever asks
    CHECK(w.sent == 0);
    CHECK(send("ribera.test", {{"Authorization", "Bearer " + good}}).status == 201);
    CHECK(send("ribera.test", {{"X-CKAN-API-Key", good}}).status == 201);
    const std::vector<http::Field> keyed = {{"Authorization", "Bearer " + good}, {"Idempotency-Key", "k1"}};
    CHECK(send("ribera.test", keyed).status == 201);
    CHECK(send("ribera.test", keyed).status == 201);
    CHECK(w.sent == 3);
    // What answered with a secret is kept nowhere, and is done again.
    for (int n = 0; n < 2; ++n)
        CHECK(w.ask(request("POST", "ribera.test", "/api/buzon/secreto",
                            {{"Authorization", "Bearer " + good}, {"Idempotency-Key", "k2"}}))
                  .status == 201);
    CHECK(w.sent == 5);
    // A browser's session is no way into the API.
    CHECK(send("ribera.test", {{"Cookie", w.session()}}).status == 401);
}

TEST_CASE("a token that is no good is refused, or nobody's where the route says so") {
    World w;
    const auto* ribera = w.tenants->by_slug("ribera");
    const auto good = identity::Tokens(*w.databases.pool, w.clock)
                          .create(ribera->id, "bueno", {"buzon.leer"}, std::nullopt, by)
                          .secret;
    const auto ask = [&](const char* path, const std::string& key) {
        return w.get("ribera.test", path, {{"X-CKAN-API-Key", key}}).status;
    };
    CHECK(ask("/api/buzon", good) == 200);
    CHECK(ask("/api/buzon", "otra") == 401);
    CHECK(ask("/api/buzon/libre", good) == 200);
    CHECK(ask("/api/buzon/libre", "otra") == 200);
}

TEST_CASE("the configuration says after how many failures an account waits, and how long") {
    config::AccessConfig access;
    access.failures = 3;
    access.lock = std::chrono::minutes(5);
    World w(config::Mode::demostracion, {}, false, access);
    w.session();
    const auto form = w.get("ribera.test", "/es/gestion/acceso");
    const auto visitor = cookies_of(form);
    const auto enter = [&](const std::string& secret) {
        return post(w, "/es/gestion/acceso", visitor,
                    {{"csrf_token", token_in(form)}, {"usuario", "secretaria"}, {"clave", secret}});
    };
    for (int i = 0; i < 3; ++i) CHECK(enter("otra cosa distinta").status == 422);
    CHECK(enter(password).status == 429);
    w.clock.now_ += std::chrono::minutes(5) - std::chrono::seconds(1);
    CHECK(enter(password).status == 429);
    w.clock.now_ += std::chrono::seconds(2);
    CHECK(enter(password).status == 303);
}

TEST_CASE("the configuration says how long a session may rest and last") {
    config::AccessConfig access;
    access.session_idle = std::chrono::minutes(10);
    access.session_life = std::chrono::hours(1);
    World w(config::Mode::demostracion, {}, false, access);
    const auto status = [&](const std::string& cookie) {
        return w.get("ribera.test", "/es/gestion", {{"Cookie", cookie}}).status;
    };
    const auto resting = w.session();
    w.clock.now_ += std::chrono::minutes(11);
    CHECK(status(resting) == 303);
    const auto working = w.session();
    for (int minutes = 0; minutes < 54; minutes += 9) {
        CHECK(status(working) == 200);
        w.clock.now_ += std::chrono::minutes(9);
    }
    CHECK(status(working) == 200);
    w.clock.now_ += std::chrono::minutes(7);
    CHECK(status(working) == 303);
}
