#include "kernel/web/page_cache.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/http/compression.hpp"
#include "kernel/http/file_reply.hpp"
#include "kernel/http/range.hpp"
#include "kernel/http/response_head.hpp"

namespace kernel::web {
namespace {

constexpr std::size_t worth_keeping_compressed = 512, longest_query = 512;

std::string entry_name(const PageKey& key) {
    std::string name;
    name.reserve(key.tenant.size() + key.language.size() + key.path.size() + key.query.size() + 3);
    name.append(key.tenant).append(1, '\n').append(key.language).append(1, '\n').append(key.path);
    return name.append(1, '?').append(key.query);
}

template <class Coded>
std::size_t weight(const Coded& coded) {
    return coded.text.size() + 2 * coded.fields.lines.size();
}

}  // namespace

PageCache::Ticket PageCache::begin(std::string_view tenant) const {
    std::lock_guard lock(mutex_);
    const auto found = generation_.find(tenant);
    return {found == generation_.end() ? 0 : found->second, all_, changes_.count(tenant)};
}

void PageCache::store(const PageKey& key, const Ticket& ticket, const http::Response& response,
                      base::TimePoint until) {
    const auto* text = std::get_if<std::string>(&response.body);
    if (!text || response.status != 200 || !response.field("set-cookie").empty() ||
        key.query.size() > longest_query)
        return;
    Page page;
    page.tenant = key.tenant;
    page.name = entry_name(key);
    page.path_name = page.name.substr(0, page.name.size() - key.query.size() - 1);
    page.until = until;
    page.changes = ticket.changes;
    page.coded[plain] = ready(response.fields, *text, base::sha256_hex(*text).substr(0, 32));
    if (text->size() < worth_keeping_compressed || !http::is_compressible(response.field("content-type")))
        page.coded[gzip] = page.coded[brotli] = page.coded[plain];
    page.bytes = 1'024 + weight(*page.coded[plain]);
    if (page.bytes > most_bytes_ / 8) return;

    std::lock_guard lock(mutex_);
    const auto now = generation_.find(key.tenant);
    if (ticket.all != all_ || ticket.tenant != (now == generation_.end() ? 0 : now->second) ||
        ticket.changes != changes_.count(key.tenant))
        return;
    if (const auto old = by_name_.find(page.name); old != by_name_.end()) forget(old->second);
    if (const auto kept = queries_.find(page.path_name);
        kept != queries_.end() && kept->second >= most_queries_)
        return;
    bytes_ += page.bytes;
    ++queries_[page.path_name];
    pages_.push_front(std::move(page));
    by_name_[pages_.front().name] = pages_.begin();
    make_room();
}

PageCache::SharedCoded PageCache::ready(std::vector<http::Field> fields, std::string text, std::string etag) {
    http::Response head;
    head.fields = std::move(fields);
    head.set("ETag", '"' + etag + '"');
    return std::make_shared<const Coded>(
        Coded{std::move(text), std::move(etag), http::ready_fields(std::move(head.fields))});
}

PageCache::SharedCoded PageCache::compressed(const SharedCoded& whole, Coding coding) {
    auto text = coding == brotli ? http::brotli(whole->text) : http::gzip(whole->text);
    if (text.size() >= whole->text.size()) return whole;
    auto fields = whole->fields.fields;
    fields.push_back({"Content-Encoding", coding == brotli ? "br" : "gzip"});
    return ready(std::move(fields), std::move(text), whole->etag + (coding == brotli ? "-br" : "-gz"));
}

/// Unless another page stands there by now.
void PageCache::keep(const std::string& name, const SharedCoded& whole, Coding coding,
                     const SharedCoded& made) {
    std::lock_guard lock(mutex_);
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) return;
    Page& page = *found->second;
    if (page.coded[plain] != whole || page.coded[coding]) return;
    page.coded[coding] = made;
    if (made == whole) return;
    page.bytes += weight(*made);
    bytes_ += weight(*made);
    make_room();
}

std::optional<http::Response> PageCache::find(const PageKey& key, const http::Request& request,
                                              Missing missing) {
    const auto takes = request.has_field("range") ? http::Encodings{} : http::accepted_encodings(request);
    const auto coding = takes.brotli ? brotli : takes.gzip ? gzip : plain;
    const auto name = entry_name(key);
    SharedCoded kept, whole;
    {
        std::lock_guard lock(mutex_);
        const auto found = by_name_.find(name);
        if (found == by_name_.end()) return std::nullopt;
        if (found->second->until <= clock_.now() || found->second->changes != changes_.count(key.tenant))
            return forget(found->second), std::nullopt;
        pages_.splice(pages_.begin(), pages_, found->second);
        kept = found->second->coded[coding];
        whole = found->second->coded[plain];
    }
    if (!kept) {
        if (missing == Missing::leave) return std::nullopt;
        kept = compressed(whole, coding);
        keep(name, whole, coding, kept);
    }
    http::Response response;
    response.body = http::SharedText(kept, &kept->text);
    response.ready = std::shared_ptr<const http::ReadyFields>(kept, &kept->fields);
    response.cause = "cache";
    return http::as_asked(request, std::move(response), kept->etag);
}

void PageCache::changed(std::string_view tenant) {
    changes_.add(tenant);
    drop(tenant);
}

void PageCache::drop(std::string_view tenant) {
    std::lock_guard lock(mutex_);
    auto at = generation_.find(tenant);
    if (at == generation_.end()) at = generation_.emplace(std::string(tenant), 0).first;
    ++at->second;
    for (auto page = pages_.begin(); page != pages_.end();) {
        const auto next = std::next(page);
        if (page->tenant == tenant) forget(page);
        page = next;
    }
}

void PageCache::drop_all() {
    std::lock_guard lock(mutex_);
    ++all_;
    pages_.clear();
    by_name_.clear();
    queries_.clear();
    bytes_ = 0;
}

std::size_t PageCache::bytes() const {
    std::lock_guard lock(mutex_);
    return bytes_;
}

std::size_t PageCache::pages() const {
    std::lock_guard lock(mutex_);
    return pages_.size();
}

void PageCache::forget(Pages::iterator page) {
    bytes_ -= page->bytes;
    if (const auto kept = queries_.find(page->path_name); kept != queries_.end() && --kept->second == 0)
        queries_.erase(kept);
    by_name_.erase(page->name);
    pages_.erase(page);
}

void PageCache::make_room() {
    while (bytes_ > most_bytes_ && !pages_.empty()) forget(std::prev(pages_.end()));
}

}  // namespace kernel::web
