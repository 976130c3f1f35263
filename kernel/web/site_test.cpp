#include "kernel/web/site_fixture.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <thread>

using namespace kernel::web;
using concejo::Json;
namespace config = kernel::config;

TEST_CASE("a host that belongs to nobody gets 421 and nothing of any municipality") {
    World w;
    const auto answer = w.get("ajeno.test", "/es/buzon");
    CHECK(answer.status == 421);
    const auto text = text_of(answer);
    for (const auto* word : {"ribera", "puerto", "vado", "buzon"}) CHECK_FALSE(has(text, word));
    CHECK_FALSE(answer.field("Content-Security-Policy").empty());
    CHECK(w.get("ajeno.test", "/-/live").status == 200);
    CHECK(w.get("ajeno.test", "/-/ready").status == 200);
    CHECK(w.get("ajeno.test", "/-/static/x.css").status == 421);
    const auto css = after(text, "<link rel=\"stylesheet\" href=\"");
    CHECK(css == w.themes->view("base")["assets"]["css"].as_string());
    CHECK(w.get("ajeno.test", css).status == 200);
    const auto another = w.themes->view("valdehermoso");
    for (const auto& its : {another["assets"]["css"].as_string(), another["shield_href"].as_string()}) {
        CHECK(w.get("ribera.test", its).status == 200);
        CHECK(w.get("ajeno.test", its).status == 421);
    }
}

TEST_CASE("the root leads to a language") {
    World w;
    const auto answer = w.get("ribera.test", "/", {{"Accept-Language", "ca-ES,ca;q=0.9"}});
    CHECK(answer.status == 302);
    CHECK(answer.field("Location") == "/ca/");
    CHECK(answer.field("Vary") == "Accept-Language, Cookie");
    CHECK(w.get("ribera.test", "/").field("Location") == "/es/");
    CHECK(w.get("puerto.test", "/").field("Location") == "/gl/");
    CHECK(w.get("ribera.test", "/", {{"Accept-Language", "ca"}, {"Cookie", "concejo-idioma=es"}})
              .field("Location") == "/es/");
}

TEST_CASE("a page in the theme: language, links to the others, menus of the modules that are on") {
    World w;
    const auto answer = w.get("www.ribera.test", "/ca/buzon?p=2&utm_source=x");
    REQUIRE(answer.status == 200);
    const auto html = text_of(answer);
    CHECK(has(html, "<html lang=\"ca\">"));
    CHECK(has(html, "data-c=\"lista\""));
    CHECK(has(html, "hreflang=\"es\" href=\"http://ribera.test/es/buzon?p=2\""));
    CHECK(has(html, "rel=\"canonical\" href=\"http://ribera.test/ca/buzon?p=2\""));
    CHECK(has(html, "hreflang=\"x-default\" href=\"http://ribera.test/es/buzon?p=2\""));
    CHECK(has(html, "<a href=\"/ca/buzon\" aria-current=\"page\">"));
    CHECK(has(html, "/ca/gestion"));
    CHECK(has(html, "tel:+34900100200"));
    CHECK_FALSE(has(html, "csrf_token"));
    CHECK(answer.field("Content-Language") == "ca");
    CHECK(answer.field("Set-Cookie").empty());
    CHECK(answer.tenant == "ribera");
}

TEST_CASE("addresses that are not there, in the theme and the language") {
    World w;
    const auto missing = w.get("ribera.test", "/ca/no-hay");
    CHECK(missing.status == 404);
    CHECK(has(text_of(missing), "<html lang=\"ca\">"));
    CHECK(w.get("ribera.test", "/eu/buzon").status == 404);  // Basque is not spoken here
    CHECK(w.get("puerto.test", "/ca/buzon").status == 404);
    CHECK(w.get("vado.test", "/es/buzon").status == 404);  // the module is off
    CHECK(w.get("vado.test", "/es/").field("Location") == "/es/mapa-web");
    CHECK(w.get("ribera.test", "/no-hay").status == 404);
    CHECK(w.get("ribera.test", "/es/nada").status == 404);
    const auto slash = w.get("ribera.test", "/es/buzon/?a=1");
    CHECK(slash.status == 308);
    CHECK(slash.field("Location") == "/es/buzon?a=1");
}

TEST_CASE(
    "pages of the staff and errors are not offered to be indexed, and say nothing of where one was going") {
    World w;
    const auto login =
        text_of(w.get("ribera.test", "/es/gestion/acceso?volver=/es/gestion/buzon/jefatura%3Fa=1"));
    CHECK_FALSE(has(login, "rel=\"canonical\""));
    CHECK_FALSE(has(login, "rel=\"alternate\" hreflang="));
    CHECK(has(login, "<meta name=\"robots\" content=\"noindex\">"));
    // the same way on, in the other language
    CHECK(has(login, "href=\"/ca/gestion/acceso?volver=/ca/gestion/buzon/jefatura%3Fa=1\""));
    CHECK(has(text_of(w.get("ribera.test", "/es/gestion/acceso?a=1&volver=/es/gestion/buzon")),
              "href=\"/ca/gestion/acceso?a=1&amp;volver=/ca/gestion/buzon\""));
    const auto missing = text_of(w.get("ribera.test", "/es/no-hay"));
    CHECK_FALSE(has(missing, "rel=\"canonical\""));
    CHECK_FALSE(has(missing, "rel=\"alternate\" hreflang="));
    CHECK(has(missing, "<meta name=\"robots\" content=\"noindex\">"));
    CHECK(has(missing, "href=\"/ca/no-hay\""));
    CHECK_FALSE(has(text_of(w.get("ribera.test", "/es/buzon")), "noindex"));
}

TEST_CASE("what a module says went wrong is read in the page's language, or marked as Spanish") {
    World w;
    const auto refused = [&](const std::string& language) {
        auto page = w.get("ribera.test", "/" + language + "/buzon/nuevo");
        const auto html = text_of(page);
        return text_of(
            w.ask(request("POST", "ribera.test", "/" + language + "/buzon", {{"Cookie", cookies_of(page)}},
                          {{"csrf_token", after(html, "name=\"csrf_token\" value=\"")},
                           {"form_key", after(html, "name=\"form_key\" value=\"")}})));
    };
    CHECK(has(refused("es"), "<p data-c=\"error-detail\">el texto no puede estar vacío</p>"));
    CHECK(has(refused("ca"), "<p data-c=\"error-detail\" lang=\"es\">el texto no puede estar vacío</p>"));
    const auto folder = w.folder / "locale";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "ca.po")
        << "msgid \"\"\nmsgstr \"Plural-Forms: nplurals=2; plural=(n != 1);\\n\"\n\n"
           "msgid \"el texto no puede estar vacío\"\nmsgstr \"el text no pot ser buit\"\n\n"
           "msgid \"no hay tal anuncio\"\nmsgstr \"no hi ha aquest anunci\"\n";
    w.catalogs.load("buzon", folder);
    CHECK(has(refused("ca"), "<p data-c=\"error-detail\">el text no pot ser buit</p>"));
    // a 404 says more than that only where the text was written for people
    CHECK(has(text_of(w.get("ribera.test", "/ca/nada")), "no hi ha aquest anunci"));
    CHECK(has(text_of(w.get("ribera.test", "/es/nada")), "no hay tal anuncio"));
}

TEST_CASE("a method that is not for this address: 405 with those that are") {
    World w;
    const auto answer = w.ask(request("DELETE", "ribera.test", "/es/buzon"));
    CHECK(answer.status == 405);
    CHECK(answer.field("Allow") == "GET, HEAD, POST");
    CHECK(w.ask(request("DELETE", "vado.test", "/es/buzon")).status == 404);
    const auto options = w.ask(request("OPTIONS", "ribera.test", "/api/buzon"));
    CHECK(options.status == 204);
    CHECK(has(std::string(options.field("Allow")), "POST"));
}

TEST_CASE("a module whose tables are not ready answers 503 in that municipality only") {
    World w;
    const auto answer = w.get("puerto.test", "/es/buzon");
    CHECK(answer.status == 503);
    CHECK_FALSE(answer.field("Retry-After").empty());
    CHECK(w.renders == 0);
    CHECK(w.get("ribera.test", "/es/buzon").status == 200);
}

TEST_CASE("a failure shows its reference and none of its text") {
    World w;
    auto asked = request("GET", "ribera.test", "/es/falla");
    const auto id = asked.request_id;
    const auto page = w.ask(std::move(asked));
    CHECK(page.status == 500);
    CHECK(has(text_of(page), id));
    CHECK_FALSE(has(text_of(page), "secreta"));
    const auto api = w.get("ribera.test", "/api/buzon/falla");
    CHECK(api.field("Content-Type") == "application/problem+json");
    const auto problem = Json::parse(text_of(api));
    CHECK(problem["status"].as_int() == 500);
    CHECK_FALSE(has(text_of(api), "secreta"));
    for (const auto* where :
         {"/es/no-cabe", "/api/buzon/no-cabe"}) {  // the caller's fault, in the database's words
        const auto unfit = w.get("ribera.test", where);
        CHECK(unfit.status == 400);
        CHECK_FALSE(has(text_of(unfit), "22008"));
    }
}

TEST_CASE("anonymous pages are rendered once, until something changes or the minute is over") {
    World w;
    const auto first = w.get("ribera.test", "/es/buzon");
    const std::string tag(first.field("ETag"));
    CHECK(w.renders == 1);
    w.mood = "dos";
    CHECK(has(text_of(w.get("ribera.test", "/es/buzon?utm_campaign=z")), "uno"));
    CHECK(w.get("ribera.test", "/es/buzon", {{"If-None-Match", tag}}).status == 304);
    const auto kept = w.get("ribera.test", "/es/buzon");
    CHECK(kept.cause == "cache");
    CHECK(kept.tenant == "ribera");
    for (const auto* name : {"Content-Type", "Content-Language", "Content-Security-Policy",
                             "X-Content-Type-Options", "Permissions-Policy", "Cross-Origin-Opener-Policy",
                             "Cross-Origin-Resource-Policy", "Referrer-Policy", "Cache-Control", "Vary"}) {
        INFO(name);
        CHECK_FALSE(kept.field(name).empty());
        CHECK(kept.field(name) == first.field(name));
    }
    CHECK(w.renders == 1);
    w.get("ribera.test", "/ca/buzon");
    CHECK(w.renders == 2);
    w.clock.now_ += std::chrono::minutes(1);
    CHECK(has(text_of(w.get("ribera.test", "/es/buzon")), "dos"));
    CHECK(w.renders == 3);
    // A person with a session sees the page as it is.
    w.get("ribera.test", "/es/buzon", {{"Cookie", w.session()}});
    CHECK(w.renders == 4);
}

TEST_CASE("a page that time alone changes is kept no longer than that") {
    World w;
    w.valid_until =
        std::chrono::duration_cast<std::chrono::seconds>(w.clock.now().time_since_epoch()).count() + 10;
    w.get("ribera.test", "/es/buzon");
    w.clock.now_ += std::chrono::seconds(9);
    w.get("ribera.test", "/es/buzon");
    CHECK(w.renders == 1);
    w.clock.now_ += std::chrono::seconds(1);
    w.get("ribera.test", "/es/buzon");
    CHECK(w.renders == 2);
}

TEST_CASE("a NOTIFY of the tenant drops its pages in every worker") {
    World w(config::Mode::demostracion, {}, true);
    const auto* ribera = w.tenants->by_slug("ribera");
    const auto notify = [&](const std::string& tenant) {
        auto tx = w.databases.pool->begin_kernel(ribera->id);
        tx.notify("concejo_pages", tenant);
        tx.commit();
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    };
    std::this_thread::sleep_for(
        std::chrono::milliseconds(500));  // LISTEN stands: its first connection drops everything
    w.get("ribera.test", "/es/buzon");
    notify("otro");
    w.get("ribera.test", "/es/buzon");
    CHECK(w.renders == 1);
    notify(ribera->id);
    w.get("ribera.test", "/es/buzon");
    CHECK(w.renders == 2);
}

TEST_CASE("a page with a form belongs to one visitor: it is not kept, and brings the form's cookie") {
    World w;
    const auto one = w.get("ribera.test", "/es/buzon/nuevo"), other = w.get("ribera.test", "/es/buzon/nuevo");
    CHECK(one.field("Cache-Control") == "no-store");
    CHECK(cookies_of(one).starts_with("concejo-formularios="));
    CHECK(cookies_of(one) != cookies_of(other));
    const auto again = w.get("ribera.test", "/es/buzon/nuevo", {{"Cookie", cookies_of(one)}});
    CHECK(cookies_of(again).empty());
    const auto small = w.get("ribera.test", "/es/buzon/nuevo", {{"Accept-Encoding", "gzip"}});
    CHECK(small.field("Content-Encoding") == "gzip");
    CHECK(small.field("Vary") == "Accept-Encoding");
    CHECK(small.field("Cache-Control") == "no-store");
    CHECK(text_of(small).size() < text_of(one).size() / 2);
}

TEST_CASE("the list of routes knows which were visited") {
    World w;
    w.get("ribera.test", "/es/buzon");
    w.get("ribera.test", "/api/buzon");
    w.get("ribera.test", "/api/buzon");
    int seen = 0;
    const auto routes = Json::parse(text_of(w.get("ribera.test", "/-/routes")));
    for (const auto& route : routes["routes"].as_array()) {
        if (route["owner"].as_string() != "buzon" || route["pattern"].as_string() != "/buzon" ||
            route["method"].as_string() != "GET")
            continue;
        ++seen;
        INFO(route.dump());
        CHECK(route["hits"].as_int() ==
              (route["kind"].as_string() == "staff" ? 0 : 1));  // the second call came from the cache
    }
    CHECK(seen == 3);
}

TEST_CASE("what every municipality has: maps, robots, icon, contact for security") {
    World w;
    CHECK(has(text_of(w.get("ribera.test", "/robots.txt")), "Sitemap: http://ribera.test/sitemap.xml"));
    const auto map = w.get("ribera.test", "/sitemap.xml");
    CHECK(has(text_of(map), "<loc>http://ribera.test/ca/buzon</loc>"));
    CHECK(has(text_of(w.get("ribera.test", "/ca/mapa-web")), "data-c=\"site-map\""));
    CHECK(w.get("ribera.test", "/favicon.ico").status == 302);
    CHECK(w.get("ribera.test", std::string(w.get("ribera.test", "/favicon.ico").field("Location"))).status ==
          200);
    CHECK(has(text_of(w.get("puerto.test", "/.well-known/security.txt")),
              "Contact: mailto:sede@puerto.example"));
    CHECK(w.get("ribera.test", "/-/dev/components").status == 200);
    CHECK(w.get("ribera.test", "/-/dev/components/../../x").status == 404);
}

TEST_CASE("a site map past one file is an index of its parts; people are shown what is newest") {
    World w;
    kernel::plugins::Provider many;
    many.plugin = &w.plugin;
    many.plugin_id = "buzon";
    many.handler = [](void*, concejo_call*, concejo_str argument, concejo_sink sink,
                      void* into) -> concejo_status {
        const auto limit = Json::parse(kernel::plugins::view(argument)).int_or("limit", -1);
        Json pages = Json::array();
        for (std::int64_t i = 0; i < (limit ? limit : 5'500); ++i)
            pages.push_back(
                Json::object({{"path", "/x/" + std::to_string(i)}, {"title", "T"}, {"lang", "es"}}));
        sink(into, kernel::plugins::c_str(pages.dump()));
        return CONCEJO_OK;
    };
    w.registry.site_maps.push_back(many);
    const auto index = text_of(w.get("ribera.test", "/sitemap.xml"));
    CHECK(has(index, "<sitemapindex"));
    CHECK(has(index, "<loc>http://ribera.test/sitemap.xml?parte=2</loc>"));
    CHECK_FALSE(has(index, "parte=3"));
    const auto last = text_of(w.get("ribera.test", "/sitemap.xml?parte=2"));
    CHECK(has(last, "<loc>http://ribera.test/ca/x/5499</loc>"));
    CHECK_FALSE(has(last, "/x/17<"));
    for (const auto* none : {"0", "3", "-1", "x", "", "99999999999999999999"})
        CHECK(w.get("ribera.test", "/sitemap.xml?parte=" + std::string(none)).status == 404);
    const auto people = text_of(w.get("ribera.test", "/ca/mapa-web"));
    CHECK(has(people, "<a href=\"/ca/x/99\" lang=\"es\">T</a>"));
    CHECK_FALSE(has(people, "/x/100\""));
}

TEST_CASE("static files are kept for a year, compressed, and only those") {
    World w;
    const auto html = text_of(w.get("ribera.test", "/es/buzon"));
    const auto css = after(html, "<link rel=\"stylesheet\" href=\"");
    REQUIRE(css.starts_with("/-/static/"));
    const auto plain = w.get("ribera.test", css);
    CHECK(plain.field("Content-Type") == "text/css; charset=utf-8");
    CHECK(plain.field("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(w.get("ribera.test", css, {{"If-None-Match", std::string(plain.field("ETag"))}}).status == 304);
    CHECK(w.get("ribera.test", css, {{"Accept-Encoding", "gzip"}}).field("Content-Encoding") == "gzip");
    CHECK(w.get("ribera.test", "/-/static/../../etc/passwd").status == 404);
    CHECK(w.ask(request("POST", "ribera.test", css)).status == 405);
}

TEST_CASE("what the edge refuses is told in the theme, or in JSON, or plainly") {
    World w;
    const auto page = request("POST", "ribera.test", "/ca/buzon"),
               api = request("POST", "ribera.test", "/api/buzon");
    CHECK(has(text_of(w.site->refuse(&page, 413, "body_size")), "<html lang=\"ca\">"));
    CHECK(Json::parse(text_of(w.site->refuse(&api, 413, "body_size")))["status"].as_int() == 413);
    // What has no language and ends as JSON is read by programs, and so is what they alone accept.
    const auto file = request("GET", "ribera.test", "/datos/cambios/1/1-2.json"),
               accepts = request("GET", "ribera.test", "/catalogo", {{"Accept", "application/json"}}),
               browser =
                   request("GET", "ribera.test", "/catalogo", {{"Accept", "text/html,application/json"}}),
               of_people = request("GET", "ribera.test", "/ca/datos.json");
    for (const auto* one : {&file, &accepts}) {
        const auto busy = w.site->refuse(one, 503, "handlers_busy");
        CHECK(busy.field("Content-Type") == "application/problem+json");
        CHECK(Json::parse(text_of(busy))["status"].as_int() == 503);
    }
    for (const auto* one : {&browser, &of_people})
        CHECK(has(text_of(w.site->refuse(one, 503, "handlers_busy")), "<html"));
    CHECK(w.get("ribera.test", "/no/hay.json").field("Content-Type") == "application/problem+json");
    for (const int status : {408, 413, 414, 415, 429, 431, 500, 503, 507})
        CHECK(w.site->refuse(&page, status, "x").status == status);
    CHECK(w.site->refuse(nullptr, 503, "x").status == 503);
}

TEST_CASE("uploads go to disk only where a route takes them and somebody is logged in") {
    World w;
    auto anonymous = request("POST", "ribera.test", "/es/gestion/buzon"),
         staff = request("POST", "ribera.test", "/es/gestion/buzon", {{"Cookie", "concejo=x"}}),
         plain = request("POST", "ribera.test", "/es/buzon", {{"Cookie", "concejo=x"}});
    CHECK_FALSE(w.site->plan(anonymous).spool);
    CHECK(w.site->plan(staff).spool);
    CHECK(w.site->plan(staff).limit == (51u << 20));
    CHECK_FALSE(w.site->plan(plain).spool);
    CHECK(w.site->plan(plain).limit == (1u << 20));
}

TEST_CASE("an address that asks too often waits, told how long; loopback is left alone") {
    config::HttpRates rates;
    rates.pages_per_address = 3;
    World w(config::Mode::demostracion, rates);
    CHECK(w.get("ribera.test", "/es/no-hay").status == 404);
    for (int i = 0; i < 2; ++i) CHECK(w.get("ribera.test", "/id/" + std::to_string(i)).status == 200);
    const auto late = w.get("ribera.test", "/id/9");
    CHECK(late.status == 429);
    CHECK(late.field("Retry-After") == "20");
    auto local = request("GET", "ribera.test", "/id/9");
    local.peer = "127.0.0.1";
    CHECK(w.ask(std::move(local)).status == 200);
}
