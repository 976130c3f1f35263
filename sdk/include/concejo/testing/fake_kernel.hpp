// A kernel for a plugin's tests: no server, no sockets, no other processes but the database when a test asks
// for it.
#pragma once

#include <concejo/testing/call_tables.hpp>
#include <concejo/testing/metrics_tables.hpp>
#include <concejo/testing/runner.hpp>
#include <concejo/testing/schema.hpp>
#include <concejo/testing/tool_tables.hpp>

#include <cstdlib>

/// The entry of the plugin that is linked into the test program (concejo_add_plugin_test does so).
extern "C" const concejo_plugin concejo_plugin_entry;

namespace concejo::inline v1::testing {

class FakeKernel;

/// One request. `send()` runs the handler in this thread and answers what it answered.
class RequestBuilder {
public:
    RequestBuilder(FakeKernel& kernel, std::string method, std::string_view target) : kernel_(kernel) {
        request_.method = std::move(method);
        const auto question = target.find('?');
        request_.path = percent_decoded(target.substr(0, question));
        if (question != std::string_view::npos) request_.query = query_fields(target.substr(question + 1));
    }
    RequestBuilder& query(std::string name, std::string value) {
        return request_.query.emplace_back(std::move(name), std::move(value)), *this;
    }
    RequestBuilder& form(std::string name, std::string value) {
        return request_.form.emplace_back(std::move(name), std::move(value)), *this;
    }
    RequestBuilder& header(std::string_view name, std::string value) {
        return request_.headers.emplace_back(detail::lower(name), std::move(value)), *this;
    }
    RequestBuilder& cookie(std::string name, std::string value) {
        return request_.cookies.emplace_back(std::move(name), std::move(value)), *this;
    }
    RequestBuilder& body(std::string text) { return request_.body = std::move(text), *this; }
    /// A file of a form, on disk while the handler runs, as the front leaves it.
    RequestBuilder& upload(std::string field, std::string filename, std::string media_type,
                           const std::string& bytes);
    RequestBuilder& as(Caller caller) { return caller_ = std::move(caller), *this; }
    Answer send();

private:
    FakeKernel& kernel_;
    detail::Request request_;
    std::optional<Caller> caller_;
};

struct Options {
    const concejo_plugin* plugin = nullptr;  ///< absent: the one that is linked into this program
    /// The plugin's source folder: templates are looked for there, and locale/ and migrations/ are read.
    std::filesystem::path folder = {};
    Database* database = nullptr;    ///< &database(): a schema of its own with the plugin's migrations
    Json settings = Json::object();  ///< as a municipality's YAML would leave them, defaults included
};

/// Starts the plugin when it is made and stops it when it goes. One thread at a time.
class FakeKernel : public Runner {
public:
    explicit FakeKernel(Options options = {}) : options_(std::move(options)) {
        if (!options_.plugin) options_.plugin = &concejo_plugin_entry;
#ifdef CONCEJO_PLUGIN_FOLDER
        if (options_.folder.empty()) options_.folder = CONCEJO_PLUGIN_FOLDER;
#endif
        describe();
        std::string scratch = (std::filesystem::temp_directory_path() / "concejo-nucleo-XXXXXX").string();
        if (!::mkdtemp(scratch.data())) throw Error(ErrorKind::unavailable, "no se puede crear " + scratch);
        world_.scratch = scratch;
        try {
            for (const char* language : {"ca", "gl", "eu", "en"})
                if (!options_.folder.empty()) world_.catalog.load(options_.folder / "locale", language);
            if (options_.database) {
                schema_.emplace(*options_.database,
                                options_.folder.empty() ? "" : options_.folder / "migrations");
                world_.database = options_.database;
                world_.schema = schema_->name();
            }
            start();
        } catch (...) {
            end();
            throw;
        }
    }
    ~FakeKernel() { end(); }
    FakeKernel(const FakeKernel&) = delete;
    FakeKernel& operator=(const FakeKernel&) = delete;

    // ---- what the test sets, at any time
    FakeKernel& language(std::string code) { return world_.language = std::move(code), *this; }
    FakeKernel& as(Caller caller) { return world_.caller = std::move(caller), *this; }
    FakeKernel& settings(Json settings) { return world_.settings = std::move(settings), *this; }
    FakeKernel& municipality(Json facts) { return world_.municipality = std::move(facts), *this; }
    /// The tokens with this scope that the municipality has made.
    FakeKernel& token_names(const std::string& scope, std::set<std::string> names) {
        return world_.token_names[scope] = std::move(names), *this;
    }
    /// today() and the time at which jobs are due, in Unix seconds. now() in SQL is the database's own.
    FakeKernel& clock(std::int64_t unix_seconds) { return world_.now = unix_seconds, *this; }
    /// What process/1 answers: gets the spec, gives {"exit","stdout", …}; what whoever watches it hears first is
    /// in "progress": [[done, total, "message"], …].
    FakeKernel& programs(std::function<Json(const Json&)> answer) {
        return world_.programs = std::move(answer), *this;
    }
    /// Another plugin's service, as the test has it.
    FakeKernel& offer(const std::string& service, std::function<Json(std::string_view, const Json&)> answer) {
        return world_.others[service] = std::move(answer), *this;
    }

    /// What another server answers; what the test has not said is UNAVAILABLE. A function may also throw the
    /// Error of a server that is down, or that the municipality does not allow.
    FakeKernel& answers(std::string method, std::string url,
                        std::function<OutsideAnswer(const OutsideRequest&)> answer) {
        world_.answers[{std::move(method), std::move(url)}] = std::move(answer);
        return *this;
    }
    FakeKernel& answers(std::string method, std::string url, int status, std::string body = "",
                        Fields headers = {}) {
        const OutsideAnswer said{status, std::move(body), std::move(headers)};
        return answers(std::move(method), std::move(url), [said](const OutsideRequest&) { return said; });
    }
    /// A job's cancelled() says no so many times, and then that somebody has cancelled it.
    FakeKernel& cancel_after(int times) { return world_.cancel_after = times, *this; }
    /// A content that is stored and that the plugin does not use yet. Gives its id.
    std::string put_blob(const std::string& bytes, const std::string& media_type) {
        const auto id = detail::put_blob(world_, bytes);
        world_.blobs.take({id, 0, media_type, bytes.size(), true, ""});
        return id;
    }
    /// A resumable upload, as the client has left it. Gives its name, which a form would carry.
    std::string put_upload(Upload upload) {
        if (upload.owner.empty()) upload.owner = detail::actor_of(world_.caller);
        const auto name = "subida-" + std::to_string(++world_.last_id);
        world_.blobs.uploads[name] = std::move(upload);
        return name;
    }
    /// What becomes of a message: "sent", "bounced" …
    FakeKernel& mail_state(std::string_view key, std::string_view recipient, std::string state,
                           std::string detail = "") {
        for (auto& mail : world_.mails)
            for (auto& known : mail.states)
                if (mail.key == key && known.recipient == recipient)
                    return known = {known.recipient, std::move(state), std::move(detail), world_.now}, *this;
        throw Error(ErrorKind::not_found,
                    "no hay ningún correo «" + std::string(key) + "» para «" + std::string(recipient) + "»");
    }

    // ---- requests
    RequestBuilder get(std::string_view target) { return {*this, "GET", target}; }
    RequestBuilder post(std::string_view target) { return {*this, "POST", target}; }
    RequestBuilder request(std::string method, std::string_view target) {
        return {*this, std::move(method), target};
    }

    // ---- what the plugin offers
    detail::Paper command(std::string_view verb, const Json& arguments = Json::object()) {
        for (const auto& command : world_.commands) {
            if (command.declaration.string_or("verb", "") != verb) continue;
            detail::Paper paper;
            const auto text = arguments.dump();
            with_call(Caller::system(), [&](detail::Call& call) {
                detail::raise(command.handler(command.context, detail::raw(call), detail::c(text),
                                              reinterpret_cast<concejo_cli*>(&paper)));
            });
            return paper;
        }
        throw Error(ErrorKind::not_found, "no hay ninguna orden «" + std::string(verb) + "»");
    }
    /// The service that the plugin offers to others.
    Json ask(std::string_view service, std::string_view method, const Json& message = Json::object()) {
        for (const auto& own : world_.services) {
            if (own.service != service) continue;
            std::string said;
            const auto text = message.dump();
            with_call(world_.caller, [&](detail::Call& call) {
                detail::raise(own.handler(own.context, detail::raw(call), detail::c(method), detail::c(text),
                                          &detail::collect, &said));
            });
            return Json::parse(said);
        }
        throw Error(ErrorKind::not_found, "no ofrece el servicio «" + std::string(service) + "»");
    }
    Json block(std::string_view place) { return provided(world_.blocks, place, ""); }
    Json search(std::string_view words, int limit = 10) {
        return provided(world_.searches, "", Json::object({{"q", words}, {"limit", limit}}).dump());
    }
    Json site_map() { return provided(world_.site_maps, "", ""); }

    // ---- what happened, and what is there
    const std::vector<AuditEntry>& audit() const { return world_.audit; }
    const std::vector<LogLine>& log() const { return world_.log; }
    const std::vector<Event>& events() const { return world_.events; }
    const std::deque<QueuedJob>& queue() const { return world_.jobs_book.waiting; }
    const std::vector<QueuedJob>& past_jobs() const { return world_.jobs_book.past; }
    const std::vector<OutsideRequest>& asked() const { return world_.asked; }  ///< of other servers
    const std::deque<Effect>& effects() const { return world_.effects; }
    const std::deque<Mail>& mails() const { return world_.mails; }
    /// How many uses of a content the plugin has.
    int blob_uses(std::string_view id) const {
        const auto found = world_.blobs.contents.find(id);
        return found == world_.blobs.contents.end() ? 0 : found->second.uses;
    }
    /// A counter's or gauge's value, or how often a histogram was observed; 0 where nothing was counted.
    /// `labels`: values of the declared ones, in their order. Of the test's municipality, or of none.
    double metric(std::string_view name, const std::vector<std::string>& labels = {}) const {
        return detail::counted(world_, name, labels);
    }
    int pages_changed() const { return world_.pages_changed; }  ///< how often
    const std::vector<Json>& menus() const { return world_.menus; }
    const std::vector<Json>& schedules() const { return world_.schedules; }
    const std::vector<Json>& roles() const { return world_.roles; }
    const std::vector<Json>& actions() const { return world_.actions; }

    /// SQL of the test's own, in the municipality's schema and with all rights there. The first value of the
    /// first row, empty for none.
    std::string sql(const std::string& statement,
                    const std::vector<std::optional<std::string>>& values = {}) {
        if (!schema_) throw Error(ErrorKind::unavailable, "esta prueba no tiene base de datos");
        const auto table = schema_->owner().exec(statement, values);
        return table.rows.empty() || table.rows[0].empty() ? "" : table.rows[0][0].value_or("");
    }

    /// The services that this fake offers: "log/1", "http/1" …
    static const std::vector<std::pair<std::string_view, const void*>>& services() {
        static const std::vector<std::pair<std::string_view, const void*>> all{
            {"log/1", &detail::log_table()},           {"http/1", &detail::http_table()},
            {"pages/1", &detail::pages_table()},       {"db/1", &detail::db_table()},
            {"config/1", &detail::config_table()},     {"i18n/1", &detail::i18n_table()},
            {"identity/1", &detail::identity_table()}, {"cli/1", &detail::cli_table()},
            {"bus/1", &detail::bus_table()},           {"audit/1", &detail::audit_table()},
            {"blobs/1", &detail::blobs_table()},       {"process/1", &detail::process_table()},
            {"jobs/1", &detail::jobs_table()},         {"http_client/1", &detail::http_client_table()},
            {"outbox/1", &detail::outbox_table()},     {"mail/1", &detail::mail_table()},
            {"metrics/1", &detail::metrics_table()},   {"tables/1", &detail::tables_table()},
        };
        return all;
    }

private:
    friend class RequestBuilder;

    static std::vector<std::string> words(const char* text) {
        std::istringstream in(text);
        std::vector<std::string> all;
        for (std::string word; in >> word;) all.push_back(word);
        return all;
    }

    void describe() {
        const auto& d = *options_.plugin->descriptor;
        world_.id = d.id;
        world_.required = words(d.requires_);
        world_.optional = words(d.optional);
        world_.provided = words(d.provides);
        world_.folder = options_.folder;
        world_.settings = options_.settings;
        world_.municipality = Json::object({{"slug", "prueba"},
                                            {"id", "prueba"},
                                            {"name", "Ayuntamiento de Prueba"},
                                            {"place", "Prueba"},
                                            {"url", "http://prueba.localhost"},
                                            {"languages", Json::array({"es", "ca", "gl", "eu", "en"})},
                                            {"default_language", "es"},
                                            {"time_zone", "Europe/Madrid"},
                                            {"mode", "desarrollo"},
                                            {"sends_mail", true},
                                            {"modules", Json::array({world_.id})}});
    }

    void start() {
        world_.host.size = sizeof(concejo_host);
        world_.host.abi_major = CONCEJO_ABI_MAJOR;
        world_.host.abi_minor = CONCEJO_ABI_MINOR;
        world_.host.service = [](const concejo_host*, concejo_str name) -> const void* {
            for (const auto& [known, table] : services()) {
                if (known == detail::cpp(name)) return table;
            }
            return nullptr;
        };
        world_.host.set_error = [](const concejo_host*, concejo_str text) {
            detail::last_error() = detail::cpp(text);
        };
        world_.host.last_error = [](const concejo_host*, concejo_sink sink, void* context) {
            const auto text = detail::last_error();
            detail::give(sink, context, text);
        };
        for (const auto& service : world_.required) {
            if (service.find('/') != std::string::npos &&
                !world_.host.service(&world_.host, detail::c(service)))
                throw Error(ErrorKind::unavailable,
                            "pide «" + service + "», que el núcleo de pruebas de este SDK no ofrece");
        }
        detail::last_error().clear();
        const auto status = options_.plugin->start(&instance_, &world_.host);
        world_.starting = false;
        if (status != CONCEJO_OK)
            throw Error(static_cast<ErrorKind>(status), "no ha podido arrancar: " + detail::last_error());
        check_promises();
    }

    /// What the kernel refuses once a plugin has started.
    void check_promises() const {
        for (const auto& service : world_.provided) {
            const bool there = std::any_of(world_.services.begin(), world_.services.end(),
                                           [&](const auto& own) { return own.service == service; });
            if (!there)
                throw Error(ErrorKind::internal,
                            "su descriptor ofrece «" + service + "» y al arrancar no lo ha registrado");
        }
        for (const auto& route : world_.routes) {
            const bool declared = route.permission.empty() ||
                                  std::any_of(world_.permissions.begin(), world_.permissions.end(),
                                              [&](const Json& permission) {
                                                  return permission.string_or("id", "") == route.permission;
                                              });
            if (!declared)
                throw Error(ErrorKind::invalid, "la ruta «" + route.pattern + "» pide el permiso «" +
                                                    route.permission + "», que no declara con permission()");
        }
    }

    void end() noexcept {
        if (instance_) options_.plugin->stop(instance_);
        instance_ = nullptr;
        world_.idle.clear();
        schema_.reset();
        std::error_code ignored;
        std::filesystem::remove_all(world_.scratch, ignored);
    }

    Json provided(const std::vector<detail::Provider>& list, std::string_view name,
                  std::string_view argument) {
        for (const auto& provider : list) {
            if (provider.name != name) continue;
            Json told;
            with_call(world_.caller,
                      [&](detail::Call& call) { told = detail::ask_provider(call, provider, argument); });
            return told;
        }
        throw Error(ErrorKind::not_found, "el complemento no ha registrado ninguno");
    }

    Answer handle(detail::Request request, const Caller& caller);

    Options options_;
    std::optional<Schema> schema_;
    void* instance_ = nullptr;
};

}  // namespace concejo::inline v1::testing

#include <concejo/testing/requests.hpp>
