// Requests and replies.
#pragma once

#include <concejo/call.hpp>

namespace concejo::inline v1 {

struct Upload {
    std::string field, filename, media_type;
    std::string path;  ///< a file that lives until the handler returns
    std::string sha256;
    std::uint64_t bytes = 0;
};

class Request : public Call {
public:
    Request(const detail::Tables& tables, concejo_call* call, const concejo_request& raw)
        : Call(tables, call),
          method(detail::cpp(raw.method)),
          path(detail::cpp(raw.path)),
          body(detail::cpp(raw.body)),
          language(detail::cpp(raw.language)) {}

    std::string_view method, path, body, language;

    /// What ":name" matched.
    std::string segment(std::string_view name) const {
        return parameter(CONCEJO_FROM_PATH, name).value_or("");
    }
    std::optional<std::string> query(std::string_view name, std::uint32_t n = 0) const {
        return parameter(CONCEJO_FROM_QUERY, name, n);
    }
    std::optional<std::string> form(std::string_view name, std::uint32_t n = 0) const {
        return parameter(CONCEJO_FROM_FORM, name, n);
    }
    std::optional<std::string> field(std::string_view name) const {
        return parameter(CONCEJO_FROM_FIELD, name);
    }
    /// Names and values as they came; a name may come several times.
    std::vector<std::pair<std::string, std::string>> query_pairs() const { return pairs(CONCEJO_FROM_QUERY); }
    std::vector<std::pair<std::string, std::string>> form_pairs() const { return pairs(CONCEJO_FROM_FORM); }
    std::vector<Upload> uploads() const {
        std::vector<Upload> all;
        concejo_upload raw{};
        raw.size = sizeof raw;
        for (std::uint32_t n = 0; tables_->http->upload(call_, n, &raw) == CONCEJO_OK; ++n) {
            all.push_back({std::string(detail::cpp(raw.field)), std::string(detail::cpp(raw.filename)),
                           std::string(detail::cpp(raw.media_type)), std::string(detail::cpp(raw.path)),
                           std::string(detail::cpp(raw.sha256)), raw.bytes});
        }
        return all;
    }

private:
    static void append(void* into, concejo_str piece) {
        static_cast<std::string*>(into)->append(detail::cpp(piece));
    }
    std::vector<std::pair<std::string, std::string>> pairs(std::int32_t source) const {
        std::vector<std::pair<std::string, std::string>> all;
        for (std::uint32_t n = 0;; ++n) {
            std::string name, value;
            const auto status =
                tables_->http->parameter_at(call_, source, n, &append, &name, &append, &value);
            if (status == CONCEJO_NOT_FOUND) return all;
            tables_->check(status);
            all.emplace_back(std::move(name), std::move(value));
        }
    }
    std::optional<std::string> parameter(std::int32_t source, std::string_view name,
                                         std::uint32_t n = 0) const {
        std::string value;
        const auto status = tables_->http->parameter(call_, source, detail::c(name), n, &append, &value);
        if (status == CONCEJO_NOT_FOUND) return std::nullopt;
        tables_->check(status);
        return value;
    }
};

class Reply {
public:
    Reply(const Request& request, concejo_reply* reply) : request_(request), reply_(reply) {}

    Reply& status(int code) { return http().reply_status(reply_, code), *this; }
    Reply& field(std::string_view name, std::string_view value) {
        request_.tables().check(http().reply_field(reply_, detail::c(name), detail::c(value)));
        return *this;
    }
    void body(std::string_view media_type, std::string_view bytes) {
        http().reply_body(reply_, detail::c(media_type), detail::c(bytes));
    }
    void json(const Json& value) { body("application/json; charset=utf-8", value.dump()); }
    /// 303 to an address made with Call::url(), or any other.
    void redirect(std::string_view address, int code = 303) { status(code).field("Location", address); }
    /// A template with its view inside the theme's layout; `title` in the view is the page's title.
    void page(std::string_view template_name, const Json& view) { page_of(template_name, view.dump()); }
    /// `view`: the JSON as text, of whoever keeps it.
    void page_of(std::string_view template_name, std::string_view view) {
        const auto& tables = request_.tables();
        tables.check(tables.need(tables.pages, "pages/1")
                         .render(request_.raw(), reply_, detail::c(template_name), detail::c(view)));
    }
    void blob(std::string_view id, std::string_view media_type, std::string_view filename, bool attachment) {
        request_.tables().check(http().reply_blob(request_.raw(), reply_, detail::c(id),
                                                  detail::c(media_type), detail::c(filename), attachment));
    }
    /// Time alone changes this page at that instant.
    Reply& valid_until(std::int64_t unix_seconds) {
        return http().reply_valid_until(reply_, unix_seconds), *this;
    }

private:
    const concejo_http_1& http() const { return *request_.tables().http; }
    const Request& request_;
    concejo_reply* reply_;
};

}  // namespace concejo::inline v1
