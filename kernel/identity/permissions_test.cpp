#include "kernel/identity/permissions.hpp"

#include <catch2/catch.hpp>

namespace kernel::identity {
namespace {

const std::vector<plugins::Permission> declared{{"sede", "sede.publicar", "Publicar anuncios"},
                                                {"sede", "sede.retirar", "Retirar anuncios"}};
const std::vector<plugins::Role> roles{
    {"sede", "secretaria", "Secretaría", {"sede.publicar", "sede.retirar"}},
    {"sede", "auxiliar", "Auxiliar", {"sede.publicar"}},
    {"pam", "secretaria", "Secretaría", {"pam.editar"}}};

TEST_CASE("roles add up, and the same role of several plugins too") {
    const Permissions permissions(declared, roles);
    CHECK(permissions.resolve({"auxiliar"}) ==
          Permissions::Set{"sede.publicar", "sesiones.propias", "subidas.enviar"});
    CHECK(permissions.resolve({"secretaria", "auxiliar"}) ==
          Permissions::Set{"pam.editar", "sede.publicar", "sede.retirar", "sesiones.propias",
                           "subidas.enviar"});
    CHECK(permissions.resolve({}) == Permissions::Set{"sesiones.propias", "subidas.enviar"});
    CHECK(permissions.resolve({"desaparecido"}) == Permissions::Set{"sesiones.propias", "subidas.enviar"});
}

TEST_CASE("the administration may do everything declared and the kernel's own") {
    const Permissions permissions(declared, roles);
    const auto all = permissions.resolve({"administracion"});
    for (const char* one : {"sede.publicar", "sede.retirar", "usuarios.gestionar", "tokens.gestionar",
                            "auditoria.ver", "sistema.ver", "sesiones.propias", "subidas.enviar"})
        CHECK(all.count(one) == 1);
    for (const char* one : {"usuarios.gestionar", "auditoria.ver", "tokens.gestionar"})
        CHECK(permissions.resolve({"secretaria"}).count(one) == 0);
}

TEST_CASE("no plugin redefines the administration") {
    const Permissions permissions(declared, {{"x", "administracion", "Otra", {}}});
    CHECK(permissions.resolve({"administracion"}).count("usuarios.gestionar") == 1);
}

TEST_CASE("what nobody declares is named") {
    const Permissions permissions(declared, roles);
    CHECK(permissions.unknown_roles({"secretaria", "secretario", "administracion"}) ==
          std::vector<std::string>{"secretario"});
    CHECK(permissions.unknown_permissions({"sede.publicar", "sede.publica"}) ==
          std::vector<std::string>{"sede.publica"});
    CHECK(permissions.roles().size() == 3);
    CHECK(permissions.roles().front().id == "administracion");
}

TEST_CASE("a principal carries what its session's roles give") {
    Session session;
    session.id = "ab";
    session.user_id = "u";
    session.login = "sara";
    session.roles = {"auxiliar"};
    const auto who = Permissions(declared, roles).principal(session);
    CHECK(who.kind == PrincipalKind::staff);
    CHECK(who.may("sede.publicar"));
    CHECK_FALSE(who.may("sede.retirar"));
    CHECK(who.session == "ab");
}

}  // namespace
}  // namespace kernel::identity
