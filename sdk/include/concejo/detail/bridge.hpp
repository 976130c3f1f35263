// Crossing the boundary: text, results, errors. Everything else in the SDK is built on these few lines.
#pragma once

#include <concejo/abi.h>
#include <concejo/error.hpp>
#include <concejo/json.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace concejo::inline v1::detail {

inline concejo_str c(std::string_view text) noexcept { return {text.data(), text.size()}; }
inline std::string_view cpp(concejo_str text) noexcept {
    return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

/// The kernel's tables, looked up once at start. Those that the descriptor does not require may be null.
struct Tables {
    const concejo_host* host = nullptr;
    const concejo_log_1* log = nullptr;
    const concejo_http_1* http = nullptr;
    const concejo_pages_1* pages = nullptr;
    const concejo_db_1* db = nullptr;
    const concejo_config_1* config = nullptr;
    const concejo_i18n_1* i18n = nullptr;
    const concejo_identity_1* identity = nullptr;
    const concejo_cli_1* cli = nullptr;
    const concejo_bus_1* bus = nullptr;
    const concejo_audit_1* audit = nullptr;
    const concejo_blobs_1* blobs = nullptr;
    const concejo_process_1* process = nullptr;
    const concejo_jobs_1* jobs = nullptr;
    const concejo_http_client_1* http_client = nullptr;
    const concejo_outbox_1* outbox = nullptr;
    const concejo_mail_1* mail = nullptr;
    const concejo_metrics_1* metrics = nullptr;
    const concejo_tables_1* tables = nullptr;

    explicit Tables(const concejo_host* from) : host(from) {
        find(log, "log/1");
        find(http, "http/1");
        find(pages, "pages/1");
        find(db, "db/1");
        find(config, "config/1");
        find(i18n, "i18n/1");
        find(identity, "identity/1");
        find(cli, "cli/1");
        find(bus, "bus/1");
        find(audit, "audit/1");
        find(blobs, "blobs/1");
        find(process, "process/1");
        find(jobs, "jobs/1");
        find(http_client, "http_client/1");
        find(outbox, "outbox/1");
        find(mail, "mail/1");
        find(metrics, "metrics/1");
        find(tables, "tables/1");
    }

    /// The table, or Error{internal} naming the service that the descriptor should have required.
    template <class Table>
    const Table& need(const Table* table, const char* name) const {
        if (!table) throw Error(ErrorKind::internal, std::string("the kernel does not offer ") + name);
        return *table;
    }

    /// Throws what the kernel said of a call that failed.
    void check(concejo_status status) const {
        if (status == CONCEJO_OK) return;
        std::string text;
        host->last_error(
            host, [](void* into, concejo_str piece) { static_cast<std::string*>(into)->append(cpp(piece)); },
            &text);
        const bool known = status >= CONCEJO_INVALID && status <= CONCEJO_INTERNAL;
        throw Error(known ? static_cast<ErrorKind>(status) : ErrorKind::internal, text);
    }

    /// Runs `call(sink, context)` and gives what came out of the sink.
    template <class F>
    std::string text(F&& call) const {
        std::string result;
        check(call([](void* into, concejo_str piece) { static_cast<std::string*>(into)->append(cpp(piece)); },
                   static_cast<void*>(&result)));
        return result;
    }

private:
    template <class Table>
    void find(const Table*& table, const char* name) const {
        const auto* found = static_cast<const Table*>(host->service(host, c(name)));
        if (found && found->size >= sizeof(Table)) table = found;
    }
};

/// The one place where a plugin's exceptions become statuses.
template <class F>
concejo_status guard(const concejo_host* host, F&& body) noexcept {
    const auto fail = [host](ErrorKind kind, std::string_view text) {
        host->set_error(host, c(text));
        return static_cast<concejo_status>(kind);
    };
    try {
        std::forward<F>(body)();
        return CONCEJO_OK;
    } catch (const Error& error) {
        return fail(error.kind(), error.what());
    } catch (const std::exception& error) {
        return fail(ErrorKind::internal, error.what());
    } catch (...) {
        return fail(ErrorKind::internal, "the plugin threw something that is not a std::exception");
    }
}

}  // namespace concejo::inline v1::detail
