// Nobody gives more than he has: not by what the pages offer, and not by a form that somebody made himself.
#include "kernel/web/site_fixture.hpp"

#include <catch2/catch.hpp>

using namespace kernel;
using namespace kernel::web;

namespace {

/// "personal" may see to users and read messages; "jefatura" may send them too, "administracion" everything.
struct Personnel : World {
    std::string id() const { return tenants->by_slug("ribera")->id; }
    std::string sql(const std::string& statement) { return tests::cluster().superuser(statement); }

    std::string user(const std::string& login, const std::string& roles) {
        identity::Users users(*databases.pool, passwords, clock);
        users.add({id(), login, login, "", {"atencion"}, password, false}, {"system:test", "", ""});
        sql("update concejo.users set roles = '{" + roles + "}' where tenant = '" + id() + "' and login = '" +
            login + "'");
        return sql("select id from concejo.users where tenant = '" + id() + "' and login = '" + login + "'");
    }
    std::string roles_of(const std::string& login) {
        return sql("select array_to_string(roles, ',') from concejo.users where tenant = '" + id() +
                   "' and login = '" + login + "'");
    }
    /// The Cookie field of the person who sees to users and may not everything.
    const std::string& cookie() {
        if (cookie_.empty()) {
            user("personal", "personal");
            cookie_ = session("personal");
        }
        return cookie_;
    }
    std::string page(const std::string& target) {
        return text_of(get("ribera.test", target, {{"Cookie", cookie()}}));
    }
    http::Response send(const std::string& target, std::vector<http::Field> form) {
        const auto text = page("/es/gestion/usuarios/nuevo");
        form.push_back({"csrf_token", after(text, "name=\"csrf_token\" value=\"")});
        form.push_back({"form_key", after(text, "name=\"form_key\" value=\"")});
        form.push_back({"clave", password});
        return ask(request("POST", "ribera.test", target, {{"Cookie", cookie()}}, std::move(form)));
    }
    std::string denied(const std::string& action) {
        return sql("select count(*) from concejo.audit where tenant = '" + id() + "' and action = '" +
                   action + "' and result = 'denied'");
    }

private:
    std::string cookie_;
};

constexpr const char* beyond = "No puede dar un papel con más permisos que los suyos";

}  // namespace

TEST_CASE("who sees to users is offered the roles within his own") {
    Personnel w;
    const auto text = w.page("/es/gestion/usuarios/nuevo");
    CHECK(has(text, "value=\"atencion\""));
    CHECK(has(text, "value=\"personal\""));
    CHECK_FALSE(has(text, "value=\"jefatura\""));
    CHECK_FALSE(has(text, "value=\"administracion\""));
}

TEST_CASE("a new user gets no role beyond that of who makes him, whatever the form says") {
    Personnel w;
    w.cookie();
    for (const char* role : {"administracion", "jefatura"}) {
        const auto answer = w.send("/es/gestion/usuarios/nuevo",
                                   {{"usuario", "nueva"}, {"papel", "atencion"}, {"papel", role}});
        CHECK(answer.status == 422);
        CHECK(has(text_of(answer), beyond));
        CHECK(w.roles_of("nueva").empty());
    }
    CHECK(w.denied("user.add") == "2");
    CHECK(has(text_of(w.send("/ca/gestion/usuarios/nuevo", {{"usuario", "nova"}, {"papel", "jefatura"}})),
              "No podeu donar un rol amb més permisos que els vostres"));
    CHECK(w.send("/es/gestion/usuarios/nuevo", {{"usuario", "nueva"}, {"papel", "personal"}}).status == 200);
    CHECK(w.roles_of("nueva") == "personal");
}

TEST_CASE("nobody else gets one either, and who has more is not touched") {
    Personnel w;
    const auto other = "/es/gestion/usuarios/" + w.user("otra", "atencion");
    const auto chief = "/es/gestion/usuarios/" + w.user("jefa", "atencion,jefatura");
    const auto answer = w.send(other + "/papeles", {{"papel", "atencion"}, {"papel", "jefatura"}});
    CHECK(answer.status == 422);
    CHECK(has(text_of(answer), beyond));
    CHECK(w.roles_of("otra") == "atencion");
    CHECK(w.denied("user.roles") == "1");
    CHECK(w.send(other + "/papeles", {{"papel", "personal"}}).status == 200);
    CHECK(w.roles_of("otra") == "personal");

    CHECK(w.send(chief + "/papeles", {{"papel", "atencion"}}).status == 403);
    CHECK(w.roles_of("jefa") == "atencion,jefatura");
    CHECK(w.send(chief + "/accion", {{"accion", "clave"}}).status == 403);
    CHECK_FALSE(has(w.page(chief), "data-c=\"user-roles\""));
    CHECK(w.denied("user.change") == "2");
}

TEST_CASE("nor does anybody give himself one") {
    Personnel w;
    w.cookie();
    const auto me = "/es/gestion/usuarios/" + w.sql("select id from concejo.users where tenant = '" + w.id() +
                                                    "' and login = 'personal'");
    for (const char* role : {"administracion", "jefatura", "atencion"})
        CHECK(w.send(me + "/papeles", {{"papel", role}}).status == 403);
    CHECK(w.roles_of("personal") == "personal");
}
