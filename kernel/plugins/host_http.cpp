#include "kernel/blobs/reader.hpp"
#include "kernel/http/file_reply.hpp"
#include "kernel/plugins/call.hpp"
#include "kernel/plugins/tables.hpp"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace kernel::plugins {
namespace {

using concejo::Error;
using concejo::ErrorKind;

concejo_status route(const concejo_host* host, const concejo_route* raw, concejo_http_handler handler,
                     void* context) {
    return host_guard([&] {
        auto& handle = registering(host, "una ruta");
        if (raw->kind < CONCEJO_ROUTE_PUBLIC || raw->kind > CONCEJO_ROUTE_BARE)
            throw Error(ErrorKind::invalid, "clase de ruta desconocida");
        auto& routes = handle.registry->routes;
        Route route;
        route.id = routes.size();
        route.plugin = handle.plugin;
        route.plugin_id = handle.plugin->id;
        route.kind = static_cast<RouteKind>(raw->kind);
        route.uploads = raw->flags & CONCEJO_ROUTE_UPLOADS;
        route.cached = raw->flags & CONCEJO_ROUTE_CACHED;
        route.lenient = raw->flags & CONCEJO_ROUTE_LENIENT;
        route.method = string(raw->method);
        route.pattern = string(raw->pattern);
        route.permission = string(raw->permission);
        route.body_limit = raw->body_limit;
        route.handler = handler;
        route.context = context;
        if (!route.pattern.starts_with("/"))
            throw Error(ErrorKind::invalid, fmt::format("la ruta «{}» debe empezar por «/»", route.pattern));
        if (route.lenient && (route.kind != RouteKind::api || !route.permission.empty()))
            throw Error(ErrorKind::invalid,
                        fmt::format("la ruta «{}» no puede admitir cualquier token: no es una API abierta",
                                    route.pattern));
        if (route.kind == RouteKind::staff && route.permission.empty())
            throw Error(ErrorKind::invalid,
                        fmt::format("la ruta de gestión «{}» no dice qué permiso pide", route.pattern));
        routes.push_back(std::move(route));
    });
}

using List = std::vector<http::Field>;

const std::string* nth(const List& list, std::string_view name, std::uint32_t n, bool any_case = false) {
    for (const auto& field : list) {
        if ((any_case ? http::same_name(field.name, name) : field.name == name) && n-- == 0)
            return &field.value;
    }
    return nullptr;
}

concejo_status parameter(concejo_call* call, std::int32_t source, concejo_str raw_name, std::uint32_t n,
                         concejo_sink sink, void* context) {
    const auto name = view(raw_name);
    const auto* request = call->scope->request;
    const std::string* value = nullptr;
    if (source == CONCEJO_FROM_PATH) {
        value = nth(call->scope->path_parameters, name, n);
    } else if (request) {
        switch (source) {
            case CONCEJO_FROM_QUERY:
                value = nth(request->query, name, n);
                break;
            case CONCEJO_FROM_FORM:
                value = nth(request->form, name, n);
                break;
            case CONCEJO_FROM_FIELD:
                value = nth(request->fields, name, n, true);
                break;
            case CONCEJO_FROM_COOKIE:
                if (const auto cookie = request->cookie(name); cookie && n == 0)
                    return sink(context, c_str(*cookie)), CONCEJO_OK;
                break;
            default:
                last_error() = "origen de parámetro desconocido";
                return CONCEJO_INVALID;
        }
    }
    if (!value) return CONCEJO_NOT_FOUND;
    sink(context, c_str(*value));
    return CONCEJO_OK;
}

concejo_status parameter_at(concejo_call* call, std::int32_t source, std::uint32_t n, concejo_sink name,
                            void* name_context, concejo_sink value, void* value_context) {
    if (source != CONCEJO_FROM_QUERY && source != CONCEJO_FROM_FORM) {
        last_error() = "solo la consulta y el formulario se recorren";
        return CONCEJO_INVALID;
    }
    const auto* request = call->scope->request;
    if (!request) return CONCEJO_NOT_FOUND;
    const auto& list = source == CONCEJO_FROM_QUERY ? request->query : request->form;
    if (n >= list.size()) return CONCEJO_NOT_FOUND;
    name(name_context, c_str(list[n].name));
    value(value_context, c_str(list[n].value));
    return CONCEJO_OK;
}

concejo_status upload(concejo_call* call, std::uint32_t n, concejo_upload* out) {
    const auto* request = call->scope->request;
    if (!request || n >= request->uploads.size()) return CONCEJO_NOT_FOUND;
    const auto& file = request->uploads[n];
    out->field = c_str(file.name);
    out->filename = c_str(file.filename);
    out->media_type = c_str(file.media_type);
    out->path = c_str(file.path.native());
    out->sha256 = c_str(file.sha256);
    out->bytes = file.size;
    return CONCEJO_OK;
}

void reply_status(concejo_reply* reply, std::int32_t code) { reply->reply.response.status = code; }

concejo_status reply_field(concejo_reply* reply, concejo_str name, concejo_str value) {
    return host_guard([&] {
        const auto bad = [](std::string_view text) {
            return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
        };
        if (name.size == 0 || bad(view(name)) || bad(view(value)))
            throw Error(ErrorKind::invalid,
                        "una cabecera no puede llevar saltos de línea ni caracteres nulos");
        reply->reply.response.add(view(name), view(value));
    });
}

void reply_body(concejo_reply* reply, concejo_str media_type, concejo_str body) {
    (void)host_guard([&] {
        reply->reply.response.set("Content-Type", view(media_type));
        reply->reply.response.body = string(body);
    });
}

concejo_status reply_blob(concejo_call* call, concejo_reply* reply, concejo_str id, concejo_str media_type,
                          concejo_str filename, std::int32_t attachment) {
    return host_guard([&] {
        const auto tenant = db::Tenant::of(call->tenant().id);
        const auto& store = call->services->blobs;
        const auto part = [&](std::uint64_t offset, std::uint64_t length) -> http::Body {
            auto reader = std::make_shared<blobs::Reader>(store.reader(tenant, view(id), offset, length));
            // The first block is checked before there is a status line: what is damaged gets a whole refusal.
            auto first = std::make_shared<std::string>(reader->next());
            const auto next = [reader, first] {
                return first->empty() ? reader->next() : std::exchange(*first, std::string());
            };
            return http::StreamBody{next, length};
        };
        auto answer = http::content_reply(*call->scope->request,
                                          {string(media_type), string(id), string(filename), attachment != 0},
                                          store.open(tenant, view(id)).bytes, part);
        auto& response = reply->reply.response;
        for (auto& field : response.fields) answer.add(field.name, field.value);
        response = std::move(answer);
    });
}

void reply_valid_until(concejo_reply* reply, std::int64_t unix_seconds) {
    reply->reply.valid_until = unix_seconds;
}

}  // namespace

const concejo_http_1& http_table() {
    static const concejo_http_1 table{sizeof(concejo_http_1), &route,       &parameter,  &upload,
                                      &reply_status,          &reply_field, &reply_body, &reply_blob,
                                      &reply_valid_until,     &parameter_at};
    return table;
}

}  // namespace kernel::plugins
