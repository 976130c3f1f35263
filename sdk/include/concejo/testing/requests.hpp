// How the fake kernel finds a request's route and runs it.
#pragma once

#include <concejo/testing/fake_kernel.hpp>

namespace concejo::inline v1::testing {

inline RequestBuilder& RequestBuilder::upload(std::string field, std::string filename, std::string media_type,
                                              const std::string& bytes) {
    const auto path = kernel_.world_.scratch / ("subida-" + std::to_string(request_.uploads.size()));
    std::ofstream(path, std::ios::binary) << bytes;
    request_.uploads.push_back({std::move(field), std::move(filename), std::move(media_type), path.string(),
                                sha256_hex(bytes), bytes.size()});
    return *this;
}

inline Answer RequestBuilder::send() {
    return kernel_.handle(request_, caller_.value_or(kernel_.world_.caller));
}

/// 404 where no route matches, 403 where the permission is missing (the real kernel sends whoever has not
/// signed in to do so), else what the handler answers; what it throws becomes the status of its kind, with
/// the text.
inline Answer FakeKernel::handle(detail::Request request, const Caller& caller) {
    auto path = request.path;
    const auto before = world_.language;
    const auto first = path_segments(path);
    bool in_language = false;
    if (!first.empty()) {
        for (const auto& code : world_.municipality["languages"].as_array())
            in_language = in_language || code.as_string() == first[0];
    }
    Answer answer;
    if (in_language) path = path.substr(path.find(first[0]) + first[0].size());
    const auto below = [](std::string_view text, std::string_view prefix) -> std::optional<std::string_view> {
        if (!text.starts_with(prefix) || (text.size() > prefix.size() && text[prefix.size()] != '/'))
            return std::nullopt;
        return text.substr(prefix.size());
    };

    const detail::Route* chosen = nullptr;
    std::size_t fewest = 0;
    for (const auto& route : world_.routes) {
        if (route.method != (request.method == "HEAD" ? "GET" : request.method)) continue;
        std::optional<std::string_view> rest;
        if (route.kind == CONCEJO_ROUTE_PUBLIC && in_language) rest = path;
        if (route.kind == CONCEJO_ROUTE_STAFF && in_language) rest = below(path, "/gestion");
        if (route.kind == CONCEJO_ROUTE_API && !in_language) rest = below(path, "/api");
        if (route.kind == CONCEJO_ROUTE_BARE && !in_language) rest = path;
        if (!rest) continue;
        auto segments = match_route(route.pattern, *rest);
        // What is fixed goes before what is not.
        if (!segments || (chosen && segments->size() >= fewest)) continue;
        chosen = &route;
        fewest = segments->size();
        request.segments = std::move(*segments);
    }
    if (!chosen) {
        answer.status = 404;
        answer.error = "ninguna ruta del complemento responde a " + request.method + " " + request.path;
        return answer;
    }
    if (!chosen->permission.empty() && !caller.may(chosen->permission)) {
        answer.status = chosen->kind == CONCEJO_ROUTE_API && caller.kind == "anonymous" ? 401 : 403;
        answer.error = "falta el permiso " + chosen->permission;
        return answer;
    }
    std::uint64_t sent = request.body.size();
    for (const auto& file : request.uploads) sent += file.bytes;
    if (chosen->body_limit != 0 && sent > chosen->body_limit) {
        answer.status = 413;
        answer.error = "el cuerpo pasa de lo que admite la ruta";
        return answer;
    }
    if (!request.uploads.empty() && !(chosen->flags & CONCEJO_ROUTE_UPLOADS)) {
        answer.status = 415;
        answer.error = "la ruta no admite archivos: RouteOptions{.uploads = true}";
        return answer;
    }

    if (in_language) world_.language = first[0];
    try {
        with_call(caller, [&](detail::Call& call) {
            call.request = &request;
            const concejo_request raw{sizeof raw, detail::c(request.method), detail::c(request.path),
                                      detail::c(request.body), detail::c(call.language)};
            detail::raise(chosen->handler(chosen->context, detail::raw(call), &raw,
                                          reinterpret_cast<concejo_reply*>(&answer)));
        });
    } catch (const Error& error) {
        answer = Answer{};
        answer.status = http_status(error.kind());
        answer.error = error.what();
    }
    world_.language = before;
    if (request.method == "HEAD") answer.body.clear();
    return answer;
}

}  // namespace concejo::inline v1::testing
