// What the fake kernel keeps of jobs, stored contents and what leaves the house. A transaction notes steps;
// they are taken when it commits, and it sees them before.
#pragma once

#include <concejo/json.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace concejo::inline v1::testing {

struct QueuedJob {
    std::string kind;
    Json payload = Json::object();
    std::int64_t run_at = 0;  ///< 0: at once
    std::string unique;
    std::int64_t id = 0;
    int priority = 0, attempts = 0, max_attempts = 8;
    bool alone = false;             ///< its batch failed
    std::string state = "waiting";  ///< waiting, running, done, dead or cancelled
    std::uint64_t done = 0, total = 0;
    std::string message, error;
    bool cancel_requested = false;

    std::string idempotency_key() const { return "trabajo-" + std::to_string(id); }
};

/// What a plugin leaves for another system (outbox/1).
struct Effect {
    std::int64_t id = 0;
    std::string kind, key, order;
    Json payload = Json::object();
    std::int64_t at = 0;            ///< when it is tried next, or asked about; 0: at once
    std::int64_t created_at = 0;    ///< Unix seconds
    std::string state = "waiting";  ///< waiting, sending, delivered, unknown or dead
    int attempts = 0;
    std::string note, error;
    int reconciled = 0;   ///< how often the other side was asked without a clear answer
    bool to_ask = false;  ///< unknown, and its reconcile will find out
};

struct MailState {
    std::string recipient, state = "queued", detail;
    std::int64_t changed_at = 0;
};
/// A message of mail/1. A template is told by its name, its view and the language: it is not drawn here.
struct Mail {
    std::string key, message_id;
    std::vector<std::string> to, cc;  ///< as they were given
    std::string reply_to, subject, text, html, language, template_name, html_template;
    Json view = Json::object(), attachments = Json::array();
    std::int64_t at = 0;
    std::string unsubscribe{};
    bool forget = false;
    std::vector<MailState> states;  ///< one for each recipient, however often it is named
};

/// What the plugin asked of another server.
struct OutsideRequest {
    std::string method, url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    Json json;  ///< all that it said: "seconds", "retries" …
};
struct OutsideAnswer {
    int status = 200;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

/// A resumable upload that the test has made.
struct Upload {
    std::string bytes{}, filename{}, media_type = "application/octet-stream";
    std::string owner{};  ///< "staff:prueba"; empty: whom the kernel's as() names
    bool finished = true;
};

namespace detail {

struct JobStep {
    bool cancel = false;  ///< those of the job's kind and key; else it is queued
    QueuedJob job;
};

struct JobBook {
    std::deque<QueuedJob> waiting;
    std::vector<QueuedJob> running, past;

    void take(const JobStep& step) {
        const auto& job = step.job;
        const auto same = [&](const QueuedJob& other) {
            return !job.unique.empty() && other.kind == job.kind && other.unique == job.unique;
        };
        if (!step.cancel) {
            if (std::none_of(waiting.begin(), waiting.end(), same) &&
                std::none_of(running.begin(), running.end(), same))
                waiting.push_back(job);
            return;
        }
        for (auto& other : running)
            if (same(other)) other.cancel_requested = true;
        for (auto other = waiting.begin(); other != waiting.end();) {
            if (!same(*other)) {
                ++other;
                continue;
            }
            other->state = "cancelled";
            past.push_back(std::move(*other));
            other = waiting.erase(other);
        }
    }
    const QueuedJob* newest(std::string_view kind, std::string_view unique) const {
        const QueuedJob* found = nullptr;
        const auto look = [&](const auto& list) {
            for (const auto& job : list)
                if (job.kind == kind && job.unique == unique && (!found || job.id > found->id)) found = &job;
        };
        look(past);
        look(running);
        look(waiting);
        return found;
    }
};

struct BlobStep {
    std::string id;
    int uses = 0;
    std::string media_type;   ///< of what is put
    std::uint64_t bytes = 0;  ///< the same
    bool put = false;
    std::string upload;  ///< that becomes this content
};

struct BlobBook {
    struct Content {
        std::uint64_t bytes = 0;
        std::string media_type;
        int uses = 0;
    };
    std::map<std::string, Content, std::less<>> contents;
    std::map<std::string, Upload, std::less<>> uploads;

    void take(const BlobStep& step) {
        if (!step.upload.empty()) uploads.erase(step.upload);
        if (step.put) contents.try_emplace(step.id, Content{step.bytes, step.media_type, 0});
        const auto content = contents.find(step.id);
        if (content != contents.end()) content->second.uses += step.uses;
    }
};

}  // namespace detail
}  // namespace concejo::inline v1::testing
