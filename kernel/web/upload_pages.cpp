// Resumable uploads by tus 1.0.0: /api/subidas for programs with a key, /-/subidas for browsers with a
// session. An upload belongs to the person or the key that began it, whatever the session. What it is for is
// said later, by the form or call that takes its content.
#include "kernel/plugins/actor.hpp"
#include "kernel/web/own_pages.hpp"
#include "kernel/web/tus.hpp"
#include "kernel/web/upload_sink.hpp"

#include <concejo/error.hpp>

namespace kernel::web {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
using plugins::RouteKind;

namespace {

/// One request of an upload, on a handler thread.
class UploadCall {
public:
    UploadCall(OwnPages& own, Visit& visit)
        : own_(own),
          uploads_(own.services.uploads),
          visit_(visit),
          request_(visit.asked()),
          pool_(own.services.databases.of(visit.place())),
          tenant_(visit.place().id),
          owner_(plugins::actor_of(visit.who)) {}

    http::Response options() const {
        auto response = tus::answer(204);
        response.set("Tus-Version", tus::version);
        response.set("Tus-Extension", tus::extensions);
        response.set("Tus-Max-Size", std::to_string(uploads_.limits().bytes));
        response.set("Tus-Checksum-Algorithm", blobs::Checksum::algorithms);
        return response;
    }

    http::Response create() {
        if (auto* sink = taken()) return created(sink->close() ? settled(sink->upload().id) : sink->upload());
        if (auto refused = begin()) return *std::move(refused);
        return created(upload_);
    }

    http::BodyAdmission admit_create() {
        if (request_.field("content-type") != tus::chunk_type)
            return {tus::refusal(415, wrong_type()), {}, 0};
        if (auto refused = begin()) return {std::move(refused), {}, 0};
        return receive(0);
    }

    http::Response state() {
        if (request_.method == "HEAD") {
            if (auto wrong = tus::wrong_version(request_)) return *std::move(wrong);
        }
        if (auto refused = find()) return *std::move(refused);
        if (upload_.complete() && upload_.blob.empty()) upload_ = settled(upload_.id);
        auto response = tus::progress(200, upload_);
        if (upload_.bytes)
            response.set("Upload-Length", std::to_string(*upload_.bytes));
        else
            response.set("Upload-Defer-Length", "1");
        if (!upload_.metadata.empty()) response.set("Upload-Metadata", upload_.metadata);
        if (request_.method == "HEAD") return response;
        response.set("Content-Type", "application/json");
        response.body =
            Json::object({{"id", upload_.id},
                          {"offset", static_cast<std::int64_t>(upload_.offset)},
                          {"bytes", upload_.bytes ? Json(static_cast<std::int64_t>(*upload_.bytes)) : Json()},
                          {"complete", upload_.complete()},
                          {"sha256", upload_.blob}})
                .dump();
        return response;
    }

    http::Response append() {
        if (auto* sink = taken()) {
            if (!sink->close())
                return tus::refusal(tus::checksum_mismatch, "la suma del trozo no es la que dice");
            return tus::progress(204, settled(sink->upload().id));
        }
        if (auto refused = prepare_append()) return *std::move(refused);
        return tus::progress(204, settled(upload_.id));  // without a body: perhaps it only told the length
    }

    http::BodyAdmission admit_append() {
        if (tus::method_of(request_) != "PATCH")
            return {tus::refusal(405, "aquí el cuerpo llega con PATCH"), {}, 0};
        if (auto refused = prepare_append()) return {std::move(refused), {}, 0};
        return receive(upload_.offset);
    }

    http::Response terminate() {
        if (auto wrong = tus::wrong_version(request_)) return *std::move(wrong);
        if (!uploads_.terminate(pool_, tenant_, owner_, id())) return tus::refusal(404, missing());
        return tus::answer(204);
    }

private:
    static const char* wrong_type() { return "el cuerpo ha de ser application/offset+octet-stream"; }
    static const char* missing() { return "no hay ninguna subida con esa dirección"; }

    UploadSink* taken() const { return dynamic_cast<UploadSink*>(request_.sink.get()); }
    blobs::Upload settled(const std::string& id) { return uploads_.settle(pool_, tenant_, owner_, id); }

    std::string id() const {
        for (const auto& parameter : visit_.path_parameters) {
            if (parameter.name == "id") return parameter.value;
        }
        return {};
    }

    std::optional<http::Response> find() {
        auto found = uploads_.find(pool_, tenant_, id(), owner_);
        if (!found) return tus::refusal(404, missing());
        if (found->expired) return tus::refusal(410, "la subida ha caducado");
        upload_ = *std::move(found);
        return std::nullopt;
    }

    /// Makes a new upload of what the head says.
    std::optional<http::Response> begin() {
        if (auto wrong = tus::wrong_version(request_)) return wrong;
        const bool deferred = request_.field("upload-defer-length") == "1";
        const auto bytes = tus::number(request_.field("upload-length"));
        if (deferred == request_.has_field("upload-length") || (!deferred && !bytes))
            return tus::refusal(400, "falta el tamaño: Upload-Length, o Upload-Defer-Length: 1");
        const auto metadata = request_.field("upload-metadata");
        if (!tus::is_metadata(metadata)) return tus::refusal(400, "Upload-Metadata no se entiende");
        try {
            upload_ = uploads_.create(pool_, tenant_, owner_, bytes, metadata);
        } catch (const Error& error) {
            if (error.kind() == ErrorKind::invalid || error.kind() == ErrorKind::conflict)
                return tus::refusal(413, error.what());
            if (error.kind() != ErrorKind::unavailable) throw;
            auto busy = tus::refusal(429, error.what());
            busy.set("Retry-After", "60");
            return busy;
        }
        return std::nullopt;
    }

    std::optional<http::Response> prepare_append() {
        if (auto wrong = tus::wrong_version(request_)) return wrong;
        if (request_.field("content-type") != tus::chunk_type) return tus::refusal(415, wrong_type());
        const auto offset = tus::number(request_.field("upload-offset"));
        if (!offset) return tus::refusal(400, "falta Upload-Offset");
        if (auto refused = find()) return refused;
        if (*offset != upload_.offset) return tus::progress(409, upload_);
        if (!request_.has_field("upload-length")) return std::nullopt;
        const auto bytes = tus::number(request_.field("upload-length"));
        if (!bytes || *bytes < upload_.offset) return tus::refusal(400, "Upload-Length no se entiende");
        try {
            uploads_.set_bytes(pool_, tenant_, upload_, *bytes);
        } catch (const Error& error) {
            return tus::refusal(error.kind() == ErrorKind::invalid ? 413 : 409, error.what());
        }
        upload_.bytes = bytes;
        return std::nullopt;
    }

    http::BodyAdmission receive(std::uint64_t offset) {
        std::optional<blobs::Checksum> checksum;
        if (request_.has_field("upload-checksum")) {
            checksum = blobs::Checksum::parse(request_.field("upload-checksum"));
            if (!checksum)
                return {tus::refusal(400, "Upload-Checksum no se entiende: sha1, sha256 o sha512"), {}, 0};
        }
        auto limit = upload_.bytes.value_or(uploads_.limits().bytes) - offset;
        if (checksum) limit = std::min(limit, own_.services.platform.http.limits.chunk_bytes);
        if (upload_.complete()) return {tus::refusal(403, "la subida está completa"), {}, 0};
        try {
            return {std::nullopt,
                    std::make_shared<UploadSink>(upload_, uploads_.file(tenant_, upload_.id), offset,
                                                 std::move(checksum)),
                    limit};
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::conflict) throw;
            return {tus::refusal(409, error.what()), {}, 0};
        }
    }

    http::Response created(const blobs::Upload& upload) const {
        auto response = tus::progress(201, upload);
        response.set("Location",
                     write_address(visit_.address.kind, {}, visit_.address.rest + "/" + upload.id));
        return response;
    }

    OwnPages& own_;
    blobs::Uploads& uploads_;
    Visit& visit_;
    const http::Request& request_;
    db::Pool& pool_;
    const std::string& tenant_;
    const std::string owner_;
    blobs::Upload upload_;
};

/// What a method of UploadCall answers.
template <class Method>
auto calling(OwnPages& own, Method method) {
    return [&own, method](Visit& visit) { return (UploadCall(own, visit).*method)(); };
}

}  // namespace

void OwnPages::add_uploads(std::vector<Entry>& table) {
    const auto add = [&](RouteKind kind, const char* method, std::string pattern, auto handler) -> Entry& {
        auto entry = own_entry(kind, method, std::move(pattern), calling(*this, handler));
        entry.chunks = true;
        if (std::string_view(method) != "OPTIONS") entry.permission = identity::permission::upload;
        return table.emplace_back(std::move(entry));
    };
    const auto overridden = [this](Visit& visit) {
        UploadCall call(*this, visit);
        const auto method = tus::method_of(visit.asked());
        if (method == "PATCH") return call.append();
        if (method == "DELETE") return call.terminate();
        auto refused = tus::refusal(405, "esa dirección se pide con HEAD, PATCH o DELETE");
        refused.set("Allow", "GET, HEAD, PATCH, DELETE, OPTIONS");
        return refused;
    };
    for (const auto& [kind, root] :
         {std::pair{RouteKind::api, "/subidas"}, std::pair{RouteKind::bare, "/-/subidas"}}) {
        const std::string all = root, one = all + "/:id";
        add(kind, "OPTIONS", all, &UploadCall::options);
        add(kind, "POST", all, &UploadCall::create).admit = calling(*this, &UploadCall::admit_create);
        add(kind, "OPTIONS", one, &UploadCall::options);
        add(kind, "GET", one, &UploadCall::state);
        add(kind, "PATCH", one, &UploadCall::append).admit = calling(*this, &UploadCall::admit_append);
        add(kind, "DELETE", one, &UploadCall::terminate);
        auto& post = add(kind, "POST", one, &UploadCall::append);
        post.own = overridden;
        post.admit = calling(*this, &UploadCall::admit_append);
    }
}

}  // namespace kernel::web
