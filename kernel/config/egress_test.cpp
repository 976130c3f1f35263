#include "kernel/config/fixture.hpp"

#include <catch2/catch.hpp>

using namespace kernel::config;
using testing::a_municipio;
using testing::AnInstallation;

TEST_CASE("where a municipality may send requests: nowhere, unless it says so") {
    AnInstallation installation;
    installation.platform("salida: {autoridades: certificados/propias.pem}\n")
        .municipio("cala", a_municipio("cala", "cala.test"))
        .municipio("villa", a_municipio("villa", "villa.test",
                                        "salida:\n  servidores: [boe.es, '*.aemet.es', "
                                        "'datos.villa.test:8443', '[2001:db8::7]:80', '*']\n"
                                        "  redes_privadas: [10.1.2.0/24, '::1']\n"));
    const auto loaded = installation.load();
    CHECK(loaded.problems.text() == "");
    REQUIRE(loaded.municipios.size() == 2);
    CHECK(loaded.municipios[0].egress.servers.empty());
    CHECK(loaded.municipios[1].egress.servers.size() == 5);
    CHECK(loaded.municipios[1].egress.networks == std::vector<std::string>{"10.1.2.0/24", "::1"});
    CHECK(loaded.platform.authorities == installation.root() / "certificados/propias.pem");
}

TEST_CASE("what is no server and no block is told with its place") {
    for (const char* bad :
         {"servidores: ['https://boe.es']", "servidores: [boe.es/x]", "servidores: ['a b']",
          "servidores: ['*x.es']", "redes_privadas: [10.0.0.0/33]", "redes_privadas: [casa]"}) {
        AnInstallation installation;
        installation.municipio("villa",
                               a_municipio("villa", "villa.test", std::string("salida:\n  ") + bad + "\n"));
        INFO(bad);
        CHECK_THAT(installation.problems(),
                   Catch::Contains("municipios/villa.yaml:6:") && Catch::Contains("salida."));
    }
}

TEST_CASE("a mail password is not sent in clear") {
    AnInstallation installation;
    installation.secret("clave", "s3creto");
    installation.platform(
        "correo: {servidor: smtp.villa.es, remitente: a@villa.es, cifrado: ninguno, usuario: a, clave: "
        "!secret clave}\n");
    CHECK_THAT(installation.problems(),
               Catch::Contains("correo.usuario: la contraseña no se envía sin cifrar"));
    installation.platform("correo: {servidor: smtp.villa.es, remitente: a@villa.es, usuario: a}\n");
    CHECK_THAT(installation.problems(), Catch::Contains("correo.clave"));
    installation.platform(
        "correo: {servidor: smtp.villa.es, remitente: a@villa.es, usuario: a, clave: !secret clave}\n");
    CHECK(installation.problems().find("correo") == std::string::npos);
}
