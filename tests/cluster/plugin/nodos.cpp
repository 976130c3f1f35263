// es.prueba.nodos: writes down what it was asked to do, so that it can be counted afterwards. For tests/cluster only.
#include <concejo/plugin.hpp>

#include <chrono>
#include <string>
#include <thread>

namespace {

using concejo::Call;
using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using concejo::Reply;
using concejo::Request;

/// A program sends a PDF under a key of its own; a job follows. All of it once, or not at all.
void note(const Request& request, Reply& reply) {
    const auto key = request.form("clave").value_or("");
    const auto files = request.uploads();
    if (key.empty() || files.size() != 1) throw Error(ErrorKind::invalid, "falta la clave o el fichero");
    auto tx = request.begin();
    const auto blob = request.put_file(tx, files.front().path, files.front().media_type);
    tx.exec("insert into nodos_apunte (clave, blob) values ($1, $2)", key, blob);
    const bool slow = request.form("lento").has_value();
    request.enqueue(
        tx, Json::object({{"kind", slow ? "lento" : "anota"}, {"payload", Json::object({{"clave", key}})}}));
    request.pages_changed(tx);
    tx.commit();
    reply.json(Json::object({{"clave", key}, {"sha256", blob}}));
}

void file(const Request& request, Reply& reply) {
    auto tx = request.begin();
    const auto rows =
        tx.exec("select blob from nodos_apunte where clave = $1 limit 1", request.segment("clave"));
    if (rows.empty()) throw Error(ErrorKind::not_found, "no está");
    reply.blob(std::string(rows[0].text(0)), "application/pdf", "apunte.pdf", true);
}

void count(const Request& request, Reply& reply) {
    auto tx = request.begin();
    reply.body("text/plain", tx.exec("select count(*) from nodos_apunte")[0].text(0));
}

void mark(const Call& call, const char* what, const Json& payload, const concejo::Job& job) {
    auto tx = call.begin();
    tx.exec("insert into nodos_hecho (que, clave, intento) values ($1, $2, $3)", what,
            payload.string_or("clave", ""), job.attempt());
    tx.commit();
}

class Nodos {
public:
    explicit Nodos(concejo::Kernel& kernel) {
        kernel.permission("es.prueba.nodos.apuntar", "Apuntar");
        kernel.api("POST", "/nodos/apuntes", note,
                   {.permission = "es.prueba.nodos.apuntar", .uploads = true});
        kernel.api("GET", "/nodos/apuntes/:clave", file);
        kernel.page("/nodos/cuenta", count, {.permission = {}, .uploads = false, .cached = true});
        kernel.job("anota", [](const Call& call, const Json& payload, const concejo::Job& job) {
            mark(call, "anota", payload, job);
        });
        kernel.job("lento", [](const Call& call, const Json& payload, const concejo::Job& job) {
            std::this_thread::sleep_for(std::chrono::seconds(3));
            mark(call, "lento", payload, job);
        });
        kernel.job("toque", [](const Call& call, const Json& payload, const concejo::Job& job) {
            mark(call, "toque", payload, job);
        });
        kernel.schedule(Json::object({{"kind", "toque"}, {"every_seconds", 1}}));
        kernel.subscribe("sede.anuncio.publicado", [](const Call& call, const Json& event) -> Json {
            auto tx = call.begin();
            tx.exec("insert into nodos_hecho (que, clave, intento) values ('suceso', $1, 0)",
                    event.at("data").at("id").as_string());
            tx.commit();
            return {};
        });
    }
};

}  // namespace

CONCEJO_PLUGIN(Nodos, "es.prueba.nodos", "1.0.0", "log/1 http/1 pages/1 db/1 identity/1 bus/1 blobs/1 jobs/1",
               "", "")
