// The fake kernel's http/1.
#pragma once

#include <concejo/testing/store_tables.hpp>

namespace concejo::inline v1::testing::detail {

inline Answer& answer_of(concejo_reply* reply) { return *reinterpret_cast<Answer*>(reply); }

inline const std::string* nth(const Fields& list, std::string_view name, std::uint32_t n) {
    for (const auto& [key, value] : list) {
        if (key == name && n-- == 0) return &value;
    }
    return nullptr;
}

inline std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

inline concejo_status parameter(concejo_call* raw_call, std::int32_t source, concejo_str name,
                                std::uint32_t n, concejo_sink sink, void* context) {
    bool found = false;
    const auto status = answer([&] {
        const auto* request = call_of(raw_call).request;
        if (!request) return;
        const Fields* lists[] = {&request->segments, &request->query, &request->form, &request->headers,
                                 &request->cookies};
        if (source < CONCEJO_FROM_PATH || source > CONCEJO_FROM_COOKIE)
            throw Error(ErrorKind::invalid, "origen de parámetro desconocido");
        const auto wanted = source == CONCEJO_FROM_FIELD ? lower(cpp(name)) : std::string(cpp(name));
        if (const auto* value = nth(*lists[source], wanted, n)) {
            found = true;
            give(sink, context, *value);
        }
    });
    return status == CONCEJO_OK && !found ? static_cast<concejo_status>(CONCEJO_NOT_FOUND) : status;
}

inline concejo_status parameter_at(concejo_call* raw_call, std::int32_t source, std::uint32_t n,
                                   concejo_sink name, void* name_context, concejo_sink value,
                                   void* value_context) {
    bool found = false;
    const auto status = answer([&] {
        if (source != CONCEJO_FROM_QUERY && source != CONCEJO_FROM_FORM)
            throw Error(ErrorKind::invalid, "solo la consulta y el formulario se recorren");
        const auto* request = call_of(raw_call).request;
        if (!request) return;
        const auto& list = source == CONCEJO_FROM_QUERY ? request->query : request->form;
        if (n >= list.size()) return;
        found = true;
        give(name, name_context, list[n].first);
        give(value, value_context, list[n].second);
    });
    return status == CONCEJO_OK && !found ? static_cast<concejo_status>(CONCEJO_NOT_FOUND) : status;
}

inline void register_route(World& world, const concejo_route& raw, concejo_http_handler handler,
                           void* context) {
    Route route{raw.kind,
                raw.flags,
                std::string(cpp(raw.method)),
                std::string(cpp(raw.pattern)),
                std::string(cpp(raw.permission)),
                raw.body_limit,
                handler,
                context};
    if (!route.pattern.starts_with("/"))
        throw Error(ErrorKind::invalid, "la ruta «" + route.pattern + "» debe empezar por «/»");
    if (route.kind == CONCEJO_ROUTE_STAFF && route.permission.empty())
        throw Error(ErrorKind::invalid,
                    "la ruta de gestión «" + route.pattern + "» no dice qué permiso pide");
    for (const auto& other : world.routes) {
        if (other.kind == route.kind && other.method == route.method && other.pattern == route.pattern)
            throw Error(ErrorKind::conflict, "la ruta «" + route.pattern + "» está dos veces");
    }
    world.routes.push_back(std::move(route));
}

inline const concejo_http_1& http_table() {
    static const concejo_http_1 table = [] {
        concejo_http_1 t{};
        t.size = sizeof t;
        t.route = [](const concejo_host* host, const concejo_route* route, concejo_http_handler run,
                     void* context) {
            return answer([&] { register_route(registering(host, "una ruta"), *route, run, context); });
        };
        t.parameter = &parameter;
        t.parameter_at = &parameter_at;
        t.upload = [](concejo_call* call, std::uint32_t n, concejo_upload* out) -> concejo_status {
            bool found = false;
            const auto status = answer([&] {
                const auto* request = call_of(call).request;
                if (!request || n >= request->uploads.size()) return;
                const auto& file = request->uploads[n];
                out->field = c(file.field);
                out->filename = c(file.filename);
                out->media_type = c(file.media_type);
                out->path = c(file.path);
                out->sha256 = c(file.sha256);
                out->bytes = file.bytes;
                found = true;
            });
            return status == CONCEJO_OK && !found ? static_cast<concejo_status>(CONCEJO_NOT_FOUND) : status;
        };
        t.reply_status = [](concejo_reply* reply, std::int32_t code) { answer_of(reply).status = code; };
        t.reply_field = [](concejo_reply* reply, concejo_str name, concejo_str value) {
            return answer([&] {
                for (const auto text : {cpp(name), cpp(value)}) {
                    if (name.size == 0 || text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos)
                        throw Error(ErrorKind::invalid,
                                    "una cabecera no puede llevar saltos de línea ni caracteres nulos");
                }
                answer_of(reply).fields.emplace_back(cpp(name), cpp(value));
            });
        };
        t.reply_body = [](concejo_reply* reply, concejo_str media_type, concejo_str body) {
            answer_of(reply).media_type = cpp(media_type);
            answer_of(reply).body = cpp(body);
        };
        t.reply_blob = [](concejo_call* call, concejo_reply* reply, concejo_str id, concejo_str media_type,
                          concejo_str filename, std::int32_t attachment) {
            return answer([&] {
                auto& out = answer_of(reply);
                out.body = file_bytes(blob_file(*call_of(call).world, cpp(id)));
                out.media_type = cpp(media_type);
                out.fields.emplace_back("Content-Disposition",
                                        std::string(attachment ? "attachment" : "inline") + "; filename=\"" +
                                            std::string(cpp(filename)) + "\"");
            });
        };
        t.reply_valid_until = [](concejo_reply* reply, std::int64_t when) {
            answer_of(reply).valid_until = when;
        };
        return t;
    }();
    return table;
}

}  // namespace concejo::inline v1::testing::detail
