// The fake kernel's blobs/1 and bus/1.
#pragma once

#include <concejo/testing/data_tables.hpp>

namespace concejo::inline v1::testing::detail {

inline std::filesystem::path blob_file(const World& world, std::string_view id) {
    const auto file = world.scratch / "blobs" / std::string(id);
    if (id.size() != 64 || !std::filesystem::exists(file))
        throw Error(ErrorKind::not_found, "no hay ningún fichero " + std::string(id));
    return file;
}
inline std::string file_bytes(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw Error(ErrorKind::not_found, "no se puede leer " + file.string());
    return {std::istreambuf_iterator<char>(in), {}};
}
/// The bytes are there at once, as in the kernel; that they are known is the transaction's.
inline std::string put_blob(const World& world, const std::string& bytes) {
    const auto id = sha256_hex(bytes);
    std::filesystem::create_directories(world.scratch / "blobs");
    std::ofstream(world.scratch / "blobs" / id, std::ios::binary) << bytes;
    return id;
}
inline std::string put_blob(Transaction& tx, const std::string& bytes, std::string_view media_type) {
    const auto id = put_blob(*tx.call->world, bytes);
    tx.blobs.push_back({id, 1, std::string(media_type), bytes.size(), true, ""});
    return id;
}
/// As `tx` sees it.
inline BlobBook blobs_in(const Transaction& tx) {
    auto book = tx.call->world->blobs;
    for (const auto& step : tx.noted(&Transaction::blobs)) book.take(step);
    return book;
}
inline Json described(const BlobBook& book, const std::string& id) {
    const auto found = book.contents.find(id);
    if (found == book.contents.end()) throw Error(ErrorKind::not_found, "no hay ningún fichero " + id);
    return Json::object({{"id", id},
                         {"bytes", static_cast<std::int64_t>(found->second.bytes)},
                         {"media_type", found->second.media_type}});
}
inline Json take_upload(const Call& call, Transaction& tx, const std::string& name) {
    const auto book = blobs_in(tx);
    const auto found = book.uploads.find(name);
    if (found == book.uploads.end() ||
        (found->second.owner != actor_of(call.caller) && call.caller.kind != "system"))
        throw Error(ErrorKind::not_found, "la subida no existe o ha caducado: vuelva a subir el fichero");
    const auto& upload = found->second;
    if (!upload.finished)
        throw Error(ErrorKind::conflict, "la subida no ha terminado: espere a que acabe y repita el envío");
    const auto id = put_blob(tx, upload.bytes, upload.media_type);
    tx.blobs.back().upload = name;
    auto taken = described(blobs_in(tx), id);
    taken["filename"] = upload.filename;
    return taken;
}

inline const concejo_blobs_1& blobs_table() {
    static const concejo_blobs_1 table = [] {
        concejo_blobs_1 t{};
        t.size = sizeof t;
        t.put_file = [](concejo_call*, concejo_tx* tx, concejo_str path, concejo_str media_type,
                        concejo_sink sink, void* context) {
            return answer([&] {
                auto& on = transaction_of(tx);
                const auto bytes = file_bytes(std::filesystem::path(cpp(path)));
                give(sink, context, put_blob(on, bytes, cpp(media_type)));
            });
        };
        t.expect_file = [](concejo_call*, concejo_str) { return concejo_status{CONCEJO_OK}; };
        t.put = [](concejo_call*, concejo_tx* tx, concejo_str media_type, concejo_source source, void* from,
                   concejo_sink sink, void* context) {
            return answer([&] {
                auto& on = transaction_of(tx);
                std::string bytes;
                for (concejo_str piece{nullptr, 0};;) {
                    raise(source(from, &piece));
                    if (piece.size == 0) break;
                    bytes += cpp(piece);
                }
                give(sink, context, put_blob(on, bytes, cpp(media_type)));
            });
        };
        t.stat = [](concejo_call* call, concejo_str id, std::uint64_t* bytes) {
            return answer(
                [&] { *bytes = std::filesystem::file_size(blob_file(*call_of(call).world, cpp(id))); });
        };
        t.read = [](concejo_call* call, concejo_str id, std::uint64_t offset, std::uint64_t length,
                    concejo_sink sink, void* context) {
            return answer([&] {
                const auto bytes = file_bytes(blob_file(*call_of(call).world, cpp(id)));
                if (offset < bytes.size())
                    give(sink, context, std::string_view(bytes).substr(offset, length));
            });
        };
        t.keep = [](concejo_call*, concejo_tx* tx, concejo_str raw) {
            return answer([&] {
                auto& on = transaction_of(tx);
                const std::string id(cpp(raw));
                (void)described(blobs_in(on), id);
                on.blobs.push_back({id, 1, "", 0, false, ""});
            });
        };
        t.remove = [](concejo_call*, concejo_tx* tx, concejo_str raw) {
            return answer([&] {
                auto& on = transaction_of(tx);
                const std::string id(cpp(raw));
                const auto book = blobs_in(on);
                const auto found = book.contents.find(id);
                if (found == book.contents.end() || found->second.uses < 1)
                    throw Error(ErrorKind::not_found, on.call->world->id + " no usa ningún fichero " + id);
                on.blobs.push_back({id, -1, "", 0, false, ""});
            });
        };
        t.describe = [](concejo_call*, concejo_tx* tx, concejo_str id, concejo_sink sink, void* context) {
            return answer([&] {
                const auto book = blobs_in(transaction_of(tx));
                give(sink, context, described(book, std::string(cpp(id))).dump());
            });
        };
        t.take_upload = [](concejo_call* call, concejo_tx* tx, concejo_str upload, concejo_sink sink,
                           void* context) {
            return answer([&] {
                const auto taken = take_upload(call_of(call), transaction_of(tx), std::string(cpp(upload)));
                give(sink, context, taken.dump());
            });
        };
        return t;
    }();
    return table;
}

inline const concejo_bus_1& bus_table() {
    static const concejo_bus_1 table = [] {
        concejo_bus_1 t{};
        t.size = sizeof t;
        t.provide = [](const concejo_host* host, concejo_str service, concejo_responder run, void* context) {
            return answer([&] {
                auto& world = registering(host, "un servicio");
                const std::string name(cpp(service));
                if (std::count(world.provided.begin(), world.provided.end(), name) == 0)
                    throw Error(ErrorKind::invalid,
                                "registra el servicio «" + name + "» y su descriptor no lo ofrece");
                world.services.push_back({name, run, context});
            });
        };
        t.call = [](concejo_call* raw_call, concejo_tx* tx, concejo_str service, concejo_str method,
                    concejo_str message, concejo_sink sink, void* context) {
            return answer([&] {
                auto& call = call_of(raw_call);
                auto& world = *call.world;
                const std::string name(cpp(service));
                if (!std::count(world.required.begin(), world.required.end(), name) &&
                    !std::count(world.optional.begin(), world.optional.end(), name))
                    throw Error(ErrorKind::internal, "llama a «" + name + "» sin que su descriptor lo pida");
                for (const auto& own : world.services) {
                    if (own.service != name) continue;
                    Call inner = call;
                    if (tx) inner.joined = &transaction_of(tx);
                    const Alive alive(inner);
                    return raise(own.handler(own.context, raw(inner), method, message, sink, context));
                }
                const auto other = world.others.find(name);
                if (other == world.others.end())
                    throw Error(ErrorKind::unavailable,
                                "el servicio «" + name + "» no está activo en este municipio");
                give(sink, context, other->second(cpp(method), Json::parse(cpp(message))).dump());
            });
        };
        t.publish = [](concejo_tx* tx, concejo_str event, concejo_str json) {
            return answer([&] {
                auto& on = transaction_of(tx);
                on.events.push_back({"suceso-" + std::to_string(++on.call->world->event_count),
                                     std::string(cpp(event)), Json::parse(cpp(json))});
            });
        };
        t.subscribe = [](const concejo_host* host, concejo_str event, concejo_provider run, void* context) {
            return answer([&] {
                registering(host, "una suscripción")
                    .subscribers.push_back({std::string(cpp(event)), 0, run, context});
            });
        };
        return t;
    }();
    return table;
}

}  // namespace concejo::inline v1::testing::detail
