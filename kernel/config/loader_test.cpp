#include "kernel/config/fixture.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace kernel::config;
using testing::a_municipio;
using testing::AnInstallation;

namespace {

constexpr const char* sede_schema = R"(
type: object
properties:
  dias: {type: integer, default: 20, minimum: 1}
  limite: {type: integer, default: 50}
  organos: {type: array, items: {type: string}, default: [pleno]}
  tablon:
    type: object
    properties:
      titulo: {type: string, default: Tablón}
      color: {type: string}
  sello: {type: string, x-secreto: true}
)";

constexpr const char* buzon_schema =
    "type: object\nrequired: [correo]\nproperties: {correo: {type: string, format: email}}\n";

AnInstallation an_installation() {
    AnInstallation installation;
    installation.plugin("sede", sede_schema).plugin("es.miayto.buzon", buzon_schema);
    return installation;
}

}  // namespace

TEST_CASE("an empty platform.yaml is a whole platform") {
    const auto installation = AnInstallation().load();
    CHECK(installation.problems.text() == "");
    REQUIRE(installation.usable);
    const auto& platform = installation.platform;
    CHECK(platform.mode == Mode::produccion);
    CHECK(platform.data.filename() == "data");
    CHECK(platform.databases.at("principal").embedded());
    CHECK(platform.http.public_port == 8080);
    CHECK(platform.http.limits.body_bytes == 1048576);
    CHECK(platform.http.limits.upload_bytes == 52428800);
    CHECK(platform.http.limits.head == std::chrono::seconds{10});
    CHECK(platform.languages.size() == 5);
    CHECK_FALSE(platform.mail);
}

TEST_CASE("the header's defaults are the schema's") {
    const auto loaded = AnInstallation().load().platform.http;
    const HttpConfig header;
    CHECK(loaded.workers == header.workers);
    CHECK(loaded.drain == header.drain);
    CHECK(loaded.limits.body_rate == header.limits.body_rate);
    CHECK(loaded.limits.write == header.limits.write);
    CHECK(loaded.limits.handler == header.limits.handler);
    CHECK(loaded.limits.line_bytes == header.limits.line_bytes);
    CHECK(loaded.limits.head_bytes == header.limits.head_bytes);
    CHECK(loaded.limits.chunk_bytes == header.limits.chunk_bytes);
    CHECK(loaded.limits.connections == header.limits.connections);
    CHECK(loaded.limits.connections_per_address == header.limits.connections_per_address);
    CHECK(loaded.limits.event_streams == header.limits.event_streams);
    CHECK(loaded.limits.event_streams_per_address == header.limits.event_streams_per_address);
    CHECK(loaded.limits.handler_queue == header.limits.handler_queue);
    CHECK(loaded.limits.pending_bytes == header.limits.pending_bytes);
    CHECK(loaded.rates.pages_per_address == header.rates.pages_per_address);
    CHECK(loaded.rates.logins_per_account == header.rates.logins_per_account);
    const auto access = AnInstallation().load().platform.access;
    const AccessConfig said;
    CHECK(access.failures == said.failures);
    CHECK(access.address_failures == said.address_failures);
    CHECK(access.lock == said.lock);
    CHECK(access.longest_lock == said.longest_lock);
    CHECK(access.session_idle == said.session_idle);
    CHECK(access.session_life == said.session_life);
}

TEST_CASE("platform.yaml: what it says reaches the program, paths from the folder above config/") {
    auto files = an_installation();
    files.secret("dsn", "host=db1 password=x\n").secret("clave", "abc");
    files.secret("identidad", std::string(64, 'b'));
    files.platform(
        "modo: desarrollo\ndatos: ../var\n"
        "http: {direccion: '::1', puerto: 80, esquema_publico: https, proxies_de_confianza: [10.0.0.0/8, "
        "'::1'],\n"
        "  limites: {cuerpo_kib: 2, cabecera_s: 3}, tls: {certificado: tls/a.pem, clave: /etc/b.key}}\n"
        "base_de_datos:\n  principal: !secret dsn\n  grande: {conexion: host=db2, conexiones: 32}\n"
        "plugins: {carpetas: [mas], huellas: {sede: \"" +
        std::string(64, 'A') +
        "\"}}\n"
        "modo_seguro: [sede]\nadministracion: {dominios: [Admin.villa.es]}\n"
        "trabajos: {relevo_s: 6}\n"
        "acceso: {clave: !secret identidad, bloqueo: {fallos: 3, fallos_por_direccion: 9, espera_s: 30, "
        "espera_maxima_s: 86400}, "
        "sesion: {inactividad_min: 15, duracion_h: 8}}\n"
        "correo: {servidor: smtp.villa.es, remitente: a@villa.es, clave: !secret clave}\n");
    const auto installation = files.load();
    CHECK(installation.problems.text() == "");
    REQUIRE(installation.usable);
    const auto& platform = installation.platform;
    CHECK(platform.mode == Mode::desarrollo);
    CHECK(platform.data == (files.root() / "../var").lexically_normal());
    CHECK(platform.http.public_port == 443);
    CHECK(platform.http.limits.body_bytes == 2048);
    CHECK(platform.http.limits.head == std::chrono::seconds{3});
    CHECK(platform.http.certificate == files.root() / "tls/a.pem");
    CHECK(platform.http.key == "/etc/b.key");
    CHECK(platform.databases.at("principal").dsn.reveal() == "host=db1 password=x");
    CHECK(platform.databases.at("grande").connections == 32);
    CHECK(platform.plugin_folders.at(0) == files.root() / "mas");
    CHECK(platform.plugin_pins.at("sede") == std::string(64, 'a'));
    CHECK(platform.admin_domains.at(0) == "admin.villa.es");
    CHECK(platform.mail->password.reveal() == "abc");
    CHECK(platform.job_lease == std::chrono::seconds{6});
    CHECK(platform.access.key.reveal() == std::string(64, 'b'));
    CHECK(platform.access.failures == 3);
    CHECK(platform.access.address_failures == 9);
    CHECK(platform.access.lock == std::chrono::seconds{30});
    CHECK(platform.access.longest_lock == std::chrono::hours{24});
    CHECK(platform.access.session_idle == std::chrono::minutes{15});
    CHECK(platform.access.session_life == std::chrono::hours{8});
    const std::string shown = installation.show_platform(true);
    CHECK_THAT(shown,
               !Catch::Contains("password") && !Catch::Contains("db2") && Catch::Contains("«secreto»"));
}

TEST_CASE("wrong platform.yaml: nothing is usable, every problem is told, of municipalities too") {
    auto files = an_installation();
    files.platform("http: {puerto: 99999, direccion: localhost, procesos: dos}\nmodo_seguro: [sede]\n");
    files.municipio("villa", "municipio: {nombre: V}\n");
    const auto installation = files.load();
    CHECK_FALSE(installation.usable);
    CHECK(installation.municipios.empty());
    CHECK(installation.problems.text() ==
          "municipios/villa.yaml:1:12: error: municipio: falta la clave 'dominios'\n"
          "platform.yaml:1:16: error: http.puerto: 99999 es mayor que 65535\n"
          "platform.yaml:1:55: error: http.procesos: debe ser un número entero\n");
    std::filesystem::remove(files.config() / "platform.yaml");
    CHECK_THAT(files.problems(), Catch::Contains("platform.yaml: error: no existe"));
}

TEST_CASE("checks of platform.yaml beyond its schema") {
    struct Row {
        const char* text;
        const char* problem;
    };
    const std::vector<Row> table = {
        {"http: {direccion: localhost}\n", "1:19: error: http.direccion: 'localhost' no es una dirección IP"},
        {"http: {proxies_de_confianza: [10.0.0.0/33]}\n",
         "1:31: error: http.proxies_de_confianza: '10.0.0.0/33'"},
        {"base_de_datos: {una: host=x}\n", "1:1: error: ninguna base se llama 'principal'"},
        {"base_de_datos: {una: host=x}\ndefecto: {base_de_datos: otra}\n",
         "2:26: error: ninguna base se llama 'otra'"},
        {"defecto: {modulos: {sed: {activo: true}}}\n",
         "1:21: error: módulo desconocido 'sed'; ¿quería decir 'sede'?"},
        {"defecto: {modulos: {sede: {dia: 1}}}\n",
         "1:28: error: clave desconocida 'dia' en defecto.modulos.sede; ¿quería decir 'dias'?"},
        {"defecto: {modulos: {sede: {activo: si}}}\n",
         "1:36: error: defecto.modulos.sede.activo: escriba true o false"},
        {"modo_seguro: [seda]\n",
         "1:15: error: modo_seguro: módulo desconocido 'seda'; ¿quería decir 'sede'?"},
        {"base_de_datos: {principal: !secret nada}\n", "1:28: error: !secret nada: no existe"},
        {"correo: {servidor: s, remitente: a@b.es, clave: abierta}\n",
         "1:49: error: correo.clave: es un secreto"},
        {"acceso: {clave: no-es-una-clave}\n", "1:17: error: acceso.clave: es un secreto"},
        {"acceso: {bloqueo: {fallos: 2}}\n", "1:28: error: acceso.bloqueo.fallos: 2 es menor que 3"},
        {"acceso: {bloqueo: {espera_maxima_s: 86401}}\n",
         "1:37: error: acceso.bloqueo.espera_maxima_s: 86401 es mayor que 86400"},
        {"acceso: {bloqueo: {espera_s: 600, espera_maxima_s: 300}}\n",
         "1:30: error: acceso.bloqueo.espera_s: 600 es mayor que espera_maxima_s (300)"},
        {"acceso: {sesion: {inactividad_min: 0}}\n",
         "1:36: error: acceso.sesion.inactividad_min: 0 es menor que 1"},
        {"acceso: {sesion: {inactividad_min: 90, duracion_h: 1}}\n",
         "1:36: error: acceso.sesion.inactividad_min: 90 minutos son más que duracion_h (1 h)"},
    };
    for (const Row& row : table) {
        INFO(row.text);
        auto files = an_installation();
        files.platform(row.text);
        CHECK_THAT(files.problems(), Catch::StartsWith(std::string("platform.yaml:") + row.problem));
        CHECK_FALSE(files.load().usable);
    }
}

TEST_CASE("the key that nodes share is a whole one") {
    for (const auto& key : {std::string(63, 'a'), std::string(66, 'a'), std::string(64, 'z')}) {
        auto files = an_installation();
        files.secret("identidad", key).platform("acceso: {clave: !secret identidad}\n");
        CHECK_THAT(files.problems(),
                   Catch::StartsWith("platform.yaml:1:17: error: acceso.clave: ha de tener 64"));
        CHECK_THAT(files.problems(), !Catch::Contains(key));
    }
}

TEST_CASE("checks of a municipality beyond its schema") {
    struct Row {
        std::string text;
        const char* problem;
    };
    const std::vector<Row> table = {
        {"municipio: {nombre: V, dominios: [v.es]}\n", "1:12: error: municipio: falta 'ine', o 'id'"},
        {"municipio: {nombre: V, dominios: [v.es], ine: 28179}\n",
         "1:47: error: municipio.ine: 28179 debe ir entre comillas (código de 5 cifras)"},
        {"municipio: {nombre: V, dominios: [v.es], ine: \"28179\", dir3: \"L01280796\"}\n",
         "1:62: error: municipio.dir3: L01280796 es del municipio 28079"},
        {"municipio: {nombre: V, dominios: [v.es], ine: \"28179\", nif: \"P2807900C\"}\n",
         "1:61: error: municipio.nif: 'P2807900C' no es un NIF"},
        {a_municipio("v", "v.es", "  zona_horaria: Europe/Madri\n"),
         "5:17: error: municipio.zona_horaria: 'Europe/Madri' no existe; ¿quería decir 'Europe/Madrid'?"},
        {a_municipio("v", "v.es", "  zona_horaria: ../../etc/passwd\n"),
         "5:17: error: municipio.zona_horaria"},
        {a_municipio("v", "v.es", "  base_de_datos: principa\n"),
         "5:18: error: municipio.base_de_datos: platform.yaml no tiene ninguna base 'principa'; ¿quería "
         "decir 'principal'?"},
        {a_municipio("v", "v.es", "  idiomas: [es, fr]\n"),
         "5:17: error: municipio.idiomas[1]: 'fr' no se admite"},
        {a_municipio("V-1", "v.es"),
         "2:7: error: municipio.id: 'V-1' no tiene la forma pedida (minúsculas, cifras y guion bajo"},
        {a_municipio("v", "v.es:80"),
         "4:14: error: municipio.dominios[0]: 'v.es:80' no es un nombre de host"},
        {a_municipio("v", "v.es", "modulos:\n  sed: {activo: true}\n"),
         "6:3: error: módulo desconocido 'sed'; ¿quería decir 'sede'?"},
        {a_municipio("v", "v.es", "modulos:\n  sede: {dias: 3}\n"),
         "6:3: error: modulos.sede: falta 'activo'"},
        {a_municipio("v", "v.es", "modulos:\n  sede: true\n"),
         "6:9: error: modulos.sede: debe ser un bloque"},
        {a_municipio("v", "v.es", "modulos:\n  sede: {activo: no}\n"),
         "6:18: error: modulos.sede.activo: escriba true o false, sin comillas, y no 'no'"},
        {a_municipio("v", "v.es", "modulos:\n  es.miayto.buzon: {activo: true}\n"),
         "6:20: error: modulos.es.miayto.buzon: falta la clave 'correo'"},
        {a_municipio("v", "v.es", "portada: {accesos: [{texto: T, enlace: 'javascript:x'}]}\n"),
         "5:40: error: portada.accesos[0].enlace"},
        {a_municipio("v", "v.es", "portada: {avisos: [{texto: T, desde: 2026-03-02, hasta: 2026-03-01}]}\n"),
         "5:57: error: portada.avisos: termina el 2026-03-01"},
    };
    for (const Row& row : table) {
        INFO(row.text);
        auto files = an_installation();
        files.municipio("v", row.text).municipio("otra", a_municipio("otra", "otra.es"));
        const auto installation = files.load();
        CHECK_THAT(installation.problems.text(),
                   Catch::StartsWith(std::string("municipios/v.yaml:") + row.problem));
        CHECK(installation.usable);
        CHECK(installation.left_out == std::vector<std::string>{"v"});
        CHECK(installation.find("otra") != nullptr);
    }
}

TEST_CASE("precedence: schema < platform.yaml < municipality; blocks merge, lists replace, null unsets") {
    auto files = an_installation();
    files.platform(
        "defecto:\n  modulos:\n    sede: {activo: true, dias: 10, limite: 9, organos: [a, b], tablon: "
        "{color: rojo}}\n");
    files.municipio("una", a_municipio("una", "una.es"));
    files.municipio(
        "otra",
        a_municipio("otra", "otra.es",
                    "modulos:\n  sede: {dias: 5, limite: null, organos: [c], tablon: {titulo: T}}\n"));
    files.municipio("sin", a_municipio("sin", "sin.es", "modulos:\n  sede: ~\n"));
    files.municipio("no", a_municipio("no", "no.es", "modulos:\n  sede: {activo: false}\n"));
    const auto installation = files.load();
    REQUIRE(installation.problems.text() == "");
    CHECK(installation.find("una")->modules.at("sede").settings.dump() ==
          R"({"dias":10,"limite":9,"organos":["a","b"],"tablon":{"color":"rojo","titulo":"Tablón"}})");
    const auto& otra = installation.find("otra")->modules.at("sede");
    CHECK(otra.active);
    CHECK(otra.settings.dump() ==
          R"({"dias":5,"organos":["c"],"tablon":{"color":"rojo","titulo":"T"},"limite":50})");
    CHECK(otra.effective.find("dias")->place.text() == "municipios/otra.yaml:6:16");
    CHECK(otra.effective.at("tablon.color")->place.text() == "platform.yaml:3:80");
    CHECK(otra.effective.find("limite")->from_schema);
    CHECK(installation.find("sin")->modules.empty());
    CHECK_FALSE(installation.find("no")->modules.at("sede").active);
}

TEST_CASE("two municipalities that claim a domain or an id: both are told, none serves it") {
    auto files = an_installation();
    files.platform("administracion: {dominios: [admin.es]}\n");
    files.municipio("a", a_municipio("a", "a.es, COMUN.es"))
        .municipio("b", a_municipio("b", "b.es, comun.es"));
    files.municipio("c", a_municipio("x", "c.es")).municipio("d", a_municipio("x", "d.es"));
    files.municipio("e", a_municipio("e", "admin.es")).municipio("f", a_municipio("f", "f.es"));
    const auto installation = files.load();
    CHECK(installation.problems.text() ==
          "municipios/a.yaml:4:20: error: el dominio comun.es ya está en municipios/b.yaml:4:20\n"
          "municipios/b.yaml:4:20: error: el dominio comun.es ya está en municipios/a.yaml:4:20\n"
          "municipios/c.yaml:2:7: error: el identificador x ya está en municipios/d.yaml:2:7\n"
          "municipios/d.yaml:2:7: error: el identificador x ya está en municipios/c.yaml:2:7\n"
          "municipios/e.yaml:4:14: error: el dominio admin.es es el de administración (platform.yaml)\n");
    CHECK(installation.municipios.size() == 1);
    CHECK(installation.left_out.size() == 5);
}

TEST_CASE("file names: what is no municipality's is told or ignored") {
    auto files = an_installation();
    files.municipio("Villa Real", "x")
        .write("config/municipios/a.yml", "x")
        .write("config/municipios/.a.yaml.swp", "x");
    files.write("config/municipios/b.yaml~", "x");
    CHECK(files.problems() ==
          "municipios/Villa Real.yaml: error: nombre de archivo no válido: minúsculas sin acentos, cifras y "
          "guiones, "
          "terminado en .yaml\nmunicipios/a.yml: aviso: no se lee: la terminación ha de ser .yaml\n");
    std::filesystem::remove_all(files.config() / "municipios");
    CHECK_THAT(files.problems(), Catch::Contains("no se puede leer la carpeta"));
}

TEST_CASE("a wrong schema of a plugin stops all, with its place") {
    auto files = an_installation();
    files.plugin("malo", "type: object\nproperties: {a: {type: texto}}\n").plugin("peor", "type: string\n");
    files.plugin("otro", "type: object\nproperties: {activo: {type: boolean}}\n");
    const auto installation = files.load();
    CHECK_FALSE(installation.usable);
    CHECK_THAT(installation.problems.text(),
               Catch::Contains("plugins/malo.yaml:2:24: error: esquema: tipo desconocido 'texto'") &&
                   Catch::Contains("plugins/peor.yaml:1:1: error: esquema: la raíz") &&
                   Catch::Contains("plugins/otro.yaml:1:1: error: esquema: 'activo'"));
}
