// A call: on whose behalf a plugin's code runs just now. Valid until the handler returns, on its thread.
#pragma once

#include <concejo/db.hpp>

#include <functional>
#include <span>

namespace concejo::inline v1 {

enum class Style : std::int32_t {
    short_ = CONCEJO_SHORT,
    medium = CONCEJO_MEDIUM,
    long_ = CONCEJO_LONG,
    full = CONCEJO_FULL
};

/// Who is asking. `kind`: anonymous, staff, token or system.
struct Identity {
    std::string kind, id, login, name;
    std::vector<std::string> roles;
    bool anonymous() const { return kind == "anonymous"; }
};

/// What another server answered; every status is an answer.
struct HttpAnswer {
    int status = 0;
    std::string url;  ///< after redirects
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body, file;  ///< file: where "to_file" was asked for, for as long as the call
    std::string sha256;
    std::uint64_t bytes = 0;
    bool from_cache = false;
};

/// A stored content.
struct Blob {
    std::string id;  ///< its sha-256 in hexadecimal
    std::uint64_t bytes = 0;
    std::string media_type;
    std::string filename;  ///< of an upload, as the client named it: any text, never a path; else empty
};

/// How far a helper program is; total 0: nobody knows.
using OnProgress = std::function<void(std::uint64_t done, std::uint64_t total, std::string_view message)>;

class Call {
public:
    Call(const detail::Tables& tables, concejo_call* call) : tables_(&tables), call_(call) {}

    // ---- whose and in which language
    Json settings() const {
        return Json::parse(ask([&](auto s, auto* x) { return tables_->config->settings(call_, s, x); }));
    }
    /// {"slug","id","name","place","url","languages","default_language","time_zone","mode", …}
    Json municipality() const {
        return Json::parse(ask([&](auto s, auto* x) { return tables_->config->municipality(call_, s, x); }));
    }
    Identity who() const {
        const Json json = Json::parse(ask([&](auto s, auto* x) { return need_identity().who(call_, s, x); }));
        Identity who{json.string_or("kind", "anonymous"),
                     json.string_or("id", ""),
                     json.string_or("login", ""),
                     json.string_or("name", ""),
                     {}};
        if (const Json* roles = json.find("roles")) {
            for (const auto& role : roles->as_array()) who.roles.push_back(role.as_string());
        }
        return who;
    }
    bool may(std::string_view permission) const {
        return need_identity().may(call_, detail::c(permission)) != 0;
    }
    /// Tokens that the asking token makes, sees and revokes, as identity/1 in abi_identity.h says.
    Json make_token(Transaction& tx, const Json& token) const {
        const auto text = token.dump();
        return Json::parse(ask([&](auto s, auto* x) {
            return need_identity().make_token(call_, tx.raw(), detail::c(text), s, x);
        }));
    }
    Json list_tokens(Transaction& tx) const {
        return Json::parse(
            ask([&](auto s, auto* x) { return need_identity().list_tokens(call_, tx.raw(), s, x); }));
    }
    /// Of the tokens of this municipality that have the scope: who it has named for it.
    std::vector<std::string> token_names(Transaction& tx, std::string_view scope) const {
        const Json list = Json::parse(ask([&](auto s, auto* x) {
            return need_identity().token_names(call_, tx.raw(), detail::c(scope), s, x);
        }));
        std::vector<std::string> names;
        for (const auto& one : list.as_array()) names.push_back(one.as_string());
        return names;
    }
    void revoke_token(Transaction& tx, const Json& which) const {
        tables_->check(need_identity().revoke_token(call_, tx.raw(), detail::c(which.dump())));
    }

    // ---- texts, dates and numbers in the call's language and the municipality's zone
    /// The msgid is the Spanish text; the build fails where a language lacks it.
    std::string tr(std::string_view msgid) const {
        return ask([&](auto s, auto* x) { return i18n().translate(call_, detail::c(msgid), s, x); });
    }
    std::string trn(std::string_view one, std::string_view many, std::int64_t n) const {
        return ask(
            [&](auto s, auto* x) { return i18n().plural(call_, detail::c(one), detail::c(many), n, s, x); });
    }
    std::string date(std::string_view iso, Style style = Style::long_) const {
        return ask([&](auto s, auto* x) {
            return i18n().date(call_, detail::c(iso), static_cast<std::int32_t>(style), s, x);
        });
    }
    std::string instant(std::int64_t unix_seconds, Style day = Style::long_,
                        Style time = Style::short_) const {
        return ask([&](auto s, auto* x) {
            return i18n().instant(call_, unix_seconds, static_cast<std::int32_t>(day),
                                  static_cast<std::int32_t>(time), s, x);
        });
    }
    std::string number(double value, int decimals = 0) const {
        return ask([&](auto s, auto* x) { return i18n().number(call_, value, decimals, s, x); });
    }
    std::string money(std::int64_t cents) const {
        return ask([&](auto s, auto* x) { return i18n().money(call_, cents, s, x); });
    }
    /// AAAA-MM-DD in the municipality's zone.
    std::string today() const {
        return ask([&](auto s, auto* x) { return i18n().today(call_, s, x); });
    }

    // ---- data
    Transaction begin() const {
        concejo_tx* tx = nullptr;
        const auto& db = tables_->need(tables_->db, "db/1");
        tables_->check(db.begin(call_, &tx));
        return {*tables_, tx};
    }
    /// The id of the stored content: its sha-256. The row is part of the transaction.
    std::string put_file(Transaction& tx, std::string_view path, std::string_view media_type) const {
        return ask([&](auto s, auto* x) {
            return blobs().put_file(call_, tx.raw(), detail::c(path), detail::c(media_type), s, x);
        });
    }
    /// Before other work, where put_file of this path comes after it: both are done at once. Nobody writes to
    /// the file until then.
    void expect_file(std::string_view path) const {
        tables_->check(blobs().expect_file(call_, detail::c(path)));
    }
    /// One more use of a stored content; each put_file, keep_blob and take_upload needs a remove_blob in the
    /// end.
    void keep_blob(Transaction& tx, std::string_view id) const {
        tables_->check(blobs().keep(call_, tx.raw(), detail::c(id)));
    }
    /// One use less; contents without any are deleted a day later.
    void remove_blob(Transaction& tx, std::string_view id) const {
        tables_->check(blobs().remove(call_, tx.raw(), detail::c(id)));
    }
    Blob describe_blob(Transaction& tx, std::string_view id) const {
        return blob_from(
            ask([&](auto s, auto* x) { return blobs().describe(call_, tx.raw(), detail::c(id), s, x); }));
    }
    /// A finished resumable upload becomes this plugin's content when the transaction commits.
    Blob take_upload(Transaction& tx, std::string_view upload) const {
        return blob_from(ask(
            [&](auto s, auto* x) { return blobs().take_upload(call_, tx.raw(), detail::c(upload), s, x); }));
    }
    std::uint64_t blob_size(std::string_view id) const {
        std::uint64_t bytes = 0;
        tables_->check(blobs().stat(call_, detail::c(id), &bytes));
        return bytes;
    }
    std::string read_blob(std::string_view id, std::uint64_t offset, std::uint64_t length) const {
        return ask([&](auto s, auto* x) { return blobs().read(call_, detail::c(id), offset, length, s, x); });
    }

    // ---- pages
    std::string render_text(std::string_view template_name, const Json& view) const {
        const auto text = view.dump();
        return ask([&](auto s, auto* x) {
            return pages().render_text(call_, detail::c(template_name), detail::c(text), s, x);
        });
    }
    std::string url(std::string_view path, bool absolute = false) const {
        return ask([&](auto s, auto* x) { return pages().url(call_, detail::c(path), absolute, s, x); });
    }
    Json blocks(std::string_view place) const {
        return Json::parse(
            ask([&](auto s, auto* x) { return pages().blocks(call_, detail::c(place), s, x); }));
    }
    Json search(std::string_view query, std::uint32_t limit) const {
        return Json::parse(
            ask([&](auto s, auto* x) { return pages().search(call_, detail::c(query), limit, s, x); }));
    }
    /// What anonymous visitors see has changed: their cached pages go when the transaction commits.
    void pages_changed(Transaction& tx) const { tables_->check(pages().changed(call_, tx.raw())); }

    // ---- the rest of the house
    void log(std::int32_t level, std::string_view text, const Json& fields = Json()) const {
        const auto json = fields.is_null() ? std::string() : fields.dump();
        tables_->log->write(tables_->host, call_, level, detail::c(text), detail::c(json));
    }
    void audit(Transaction& tx, std::string_view action, std::string_view object,
               std::string_view result = "ok", const Json& details = Json()) const {
        const auto json = details.is_null() ? std::string() : details.dump();
        const auto& table = tables_->need(tables_->audit, "audit/1");
        tables_->check(table.record(call_, tx.raw(), detail::c(action), detail::c(object), detail::c(result),
                                    detail::c(json)));
    }
    /// Tables whose columns are data, as tables/1 in abi_tables.h says.
    void make_table(Transaction& tx, const Json& table) const {
        tables_->check(own_tables().make(call_, tx.raw(), detail::c(table.dump())));
    }
    void change_table(Transaction& tx, const Json& change) const {
        tables_->check(own_tables().change(call_, tx.raw(), detail::c(change.dump())));
    }
    void drop_table(Transaction& tx, std::string_view name) const {
        tables_->check(own_tables().drop(call_, tx.raw(), detail::c(name)));
    }
    /// Shows a table to select_for_stranger.
    void show_table(Transaction& tx, const Json& view) const {
        tables_->check(own_tables().view(call_, tx.raw(), detail::c(view.dump())));
    }
    /// One SELECT that a stranger wrote: {"sql","rows","milliseconds"}. `columns` gets [{"name","type"}]
    /// first.
    void select_for_stranger(const Json& query, const std::function<void(const Json&)>& columns,
                             const std::function<void(std::span<const concejo_param>)>& row) const {
        struct Takes {
            const std::function<void(const Json&)>& columns;
            const std::function<void(std::span<const concejo_param>)>& row;
            std::string text;
            bool told = false;
            void tell() {
                if (!std::exchange(told, true)) columns(Json::parse(text));
            }
        } takes{columns, row, {}};
        tables_->check(own_tables().select(
            call_, detail::c(query.dump()),
            [](void* context, concejo_str piece) {
                static_cast<Takes*>(context)->text.append(detail::cpp(piece));
            },
            [](void* context, const concejo_param* values, std::uint32_t count) {
                auto& to = *static_cast<Takes*>(context);
                to.tell();
                to.row({values, count});
            },
            &takes));
        takes.tell();
    }
    /// What the municipality's modules do without a person: audit/1 in abi_audit.h.
    Json automated_actions() const {
        const auto& table = tables_->need(tables_->audit, "audit/1");
        return Json::parse(ask([&](auto s, auto* x) { return table.automated(call_, s, x); }));
    }
    /// Runs a helper program in its own sandboxed process; spec and answer as process/1 in abi.h says.
    Json run(const Json& spec) const {
        const auto text = spec.dump();
        return Json::parse(ask([&](auto s, auto* x) {
            return tables_->need(tables_->process, "process/1").run(call_, detail::c(text), s, x);
        }));
    }
    /// The same, hearing meanwhile how far the program is: run_watched of process/1 in abi.h says how it
    /// tells. An exception of `told` ends the program, and comes out here as an Error.
    Json run(const Json& spec, const OnProgress& told) const {
        struct Watcher {
            const OnProgress& told;
            const concejo_host* host;
        } watcher{told, tables_->host};
        const auto tell = [](void* raw, std::uint64_t done, std::uint64_t total, concejo_str message) {
            const auto& self = *static_cast<const Watcher*>(raw);
            return detail::guard(self.host, [&] { self.told(done, total, detail::cpp(message)); });
        };
        const auto text = spec.dump();
        return Json::parse(ask([&](auto s, auto* x) {
            return tables_->need(tables_->process, "process/1")
                .run_watched(call_, detail::c(text), tell, &watcher, s, x);
        }));
    }
    /// Asks a server that the municipality allows; request as http_client/1 in abi.h says. Not while a
    /// transaction is open.
    HttpAnswer http(const Json& request, std::string_view body = {}) const {
        const auto text = request.dump();
        const auto collect = [](void* into, concejo_str piece) {
            static_cast<std::string*>(into)->append(detail::cpp(piece));
        };
        HttpAnswer answer;
        std::string raw;
        tables_->check(
            tables_->need(tables_->http_client, "http_client/1")
                .send(call_, detail::c(text), detail::c(body), collect, &raw, collect, &answer.body));
        const Json head = Json::parse(raw);
        answer.status = static_cast<int>(head.at("status").as_int());
        answer.url = head.string_or("url", "");
        for (const auto& field : head.at("headers").as_array())
            answer.headers.emplace_back(field.as_array().at(0).as_string(),
                                        field.as_array().at(1).as_string());
        answer.file = head.string_or("file", "");
        answer.sha256 = head.string_or("sha256", "");
        answer.bytes = static_cast<std::uint64_t>(head.int_or("bytes", 0));
        answer.from_cache = head.bool_or("from_cache", false);
        return answer;
    }
    /// Asks another plugin's service; with a transaction, its database work is a part of it.
    Json ask_service(std::string_view service, std::string_view method, const Json& message,
                     Transaction* tx = nullptr) const {
        const auto text = message.dump();
        return Json::parse(ask([&](auto s, auto* x) {
            return bus().call(call_, tx ? tx->raw() : nullptr, detail::c(service), detail::c(method),
                              detail::c(text), s, x);
        }));
    }
    void publish_event(Transaction& tx, std::string_view event, const Json& data) const {
        const auto text = data.dump();
        tables_->check(bus().publish(tx.raw(), detail::c(event), detail::c(text)));
    }
    /// {"kind","payload","run_at","unique","priority","max_attempts"}: runs once the transaction has
    /// committed.
    void enqueue(Transaction& tx, const Json& job) const {
        const auto text = job.dump();
        tables_->check(tables_->need(tables_->jobs, "jobs/1").enqueue(tx.raw(), detail::c(text)));
    }
    /// The plugin's own jobs of that kind and unique key that wait or run.
    void cancel_jobs(Transaction& tx, std::string_view kind, std::string_view unique) const {
        const auto text = Json::object({{"kind", kind}, {"unique", unique}}).dump();
        tables_->check(tables_->need(tables_->jobs, "jobs/1").cancel(tx.raw(), detail::c(text)));
    }
    /// The newest of them, as find of jobs/1 gives it; null where there is none.
    Json find_job(Transaction& tx, std::string_view kind, std::string_view unique) const {
        const auto which = Json::object({{"kind", kind}, {"unique", unique}}).dump();
        const auto text = ask([&](auto s, auto* x) {
            return tables_->need(tables_->jobs, "jobs/1").find(tx.raw(), detail::c(which), s, x);
        });
        return text.empty() ? Json() : Json::parse(text);
    }

    /// {"kind","payload","key","order","at"}: delivered at least once, after the transaction has committed.
    /// Gives the key.
    std::string send_effect(Transaction& tx, const Json& effect) const {
        const auto text = effect.dump();
        return Json::parse(ask([&](auto s, auto* x) {
                   return tables_->need(tables_->outbox, "outbox/1").send(tx.raw(), detail::c(text), s, x);
               }))
            .string_or("key", "");
    }
    /// {"state","attempts","note","error"}.
    Json effect_state(std::string_view kind, std::string_view key) const {
        return Json::parse(ask([&](auto s, auto* x) {
            return tables_->need(tables_->outbox, "outbox/1")
                .state(call_, detail::c(kind), detail::c(key), s, x);
        }));
    }

    /// Message as mail/1 in abi.h says; sent after the transaction has committed. Gives the key, to ask
    /// mail_state() by.
    std::string send_mail(Transaction& tx, const Json& message) const {
        const auto text = message.dump();
        return Json::parse(ask([&](auto s, auto* x) {
                   return tables_->need(tables_->mail, "mail/1").send(call_, tx.raw(), detail::c(text), s, x);
               }))
            .string_or("key", "");
    }
    /// [{"recipient","state","detail","changed_at"}].
    Json mail_state(std::string_view key) const {
        return Json::parse(ask([&](auto s, auto* x) {
            return tables_->need(tables_->mail, "mail/1").state(call_, detail::c(key), s, x);
        }));
    }

    concejo_call* raw() const noexcept { return call_; }
    const detail::Tables& tables() const noexcept { return *tables_; }

protected:
    template <class F>
    std::string ask(F&& call) const {
        return tables_->text(std::forward<F>(call));
    }

    const concejo_tables_1& own_tables() const { return tables_->need(tables_->tables, "tables/1"); }

    const detail::Tables* tables_;
    concejo_call* call_;

private:
    static Blob blob_from(const std::string& text) {
        const auto json = Json::parse(text);
        return {json.string_or("id", ""), static_cast<std::uint64_t>(json.int_or("bytes", 0)),
                json.string_or("media_type", ""), json.string_or("filename", "")};
    }
    const concejo_identity_1& need_identity() const { return tables_->need(tables_->identity, "identity/1"); }
    const concejo_i18n_1& i18n() const { return tables_->need(tables_->i18n, "i18n/1"); }
    const concejo_pages_1& pages() const { return tables_->need(tables_->pages, "pages/1"); }
    const concejo_blobs_1& blobs() const { return tables_->need(tables_->blobs, "blobs/1"); }
    const concejo_bus_1& bus() const { return tables_->need(tables_->bus, "bus/1"); }
};

}  // namespace concejo::inline v1
