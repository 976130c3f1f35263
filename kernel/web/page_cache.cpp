#include "kernel/web/page_cache.hpp"

#include "kernel/base/digest.hpp"
#include "kernel/http/compression.hpp"
#include "kernel/http/file_reply.hpp"
#include "kernel/http/range.hpp"

namespace kernel::web {
namespace {

constexpr std::size_t worth_compressing = 512, longest_query = 512;

std::string path_name(const PageKey& key) { return key.tenant + '\n' + key.language + '\n' + key.path; }

http::SharedText smaller(std::string compressed, const std::string& plain) {
    return compressed.size() < plain.size() ? std::make_shared<const std::string>(std::move(compressed))
                                            : nullptr;
}

std::size_t size_of(const http::SharedText& text) { return text ? text->size() : 0; }

}  // namespace

PageCache::Ticket PageCache::begin(std::string_view tenant) const {
    std::lock_guard lock(mutex_);
    const auto found = generation_.find(tenant);
    return {found == generation_.end() ? 0 : found->second, all_};
}

void PageCache::store(const PageKey& key, const Ticket& ticket, const http::Response& response,
                      base::TimePoint until) {
    const auto* text = std::get_if<std::string>(&response.body);
    if (!text || response.status != 200 || !response.field("set-cookie").empty() ||
        key.query.size() > longest_query)
        return;
    Page page;
    page.tenant = key.tenant;
    page.path_name = path_name(key);
    page.name = page.path_name + '?' + key.query;
    page.fields = response.fields;
    page.until = until;
    page.etag = base::sha256_hex(*text).substr(0, 32);
    page.plain = std::make_shared<const std::string>(*text);
    if (text->size() >= worth_compressing && http::is_compressible(response.field("content-type"))) {
        page.gzip = smaller(http::gzip(*text), *text);
        page.brotli = smaller(http::brotli(*text), *text);
    }
    page.bytes = 1'024 + size_of(page.plain) + size_of(page.gzip) + size_of(page.brotli);
    if (page.bytes > most_bytes_ / 8) return;

    std::lock_guard lock(mutex_);
    const auto now = generation_.find(key.tenant);
    if (ticket.all != all_ || ticket.tenant != (now == generation_.end() ? 0 : now->second)) return;
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

std::optional<http::Response> PageCache::find(const PageKey& key, const http::Request& request) {
    http::SharedText plain, gzip, brotli;
    http::Response response;
    std::string etag;
    {
        std::lock_guard lock(mutex_);
        const auto found = by_name_.find(path_name(key) + '?' + key.query);
        if (found == by_name_.end()) return std::nullopt;
        if (found->second->until <= clock_.now()) return forget(found->second), std::nullopt;
        pages_.splice(pages_.begin(), pages_, found->second);
        const Page& page = *found->second;
        plain = page.plain, gzip = page.gzip, brotli = page.brotli, etag = page.etag;
        response.fields = page.fields;
    }
    const auto takes = request.has_field("range") ? http::Encodings{} : http::accepted_encodings(request);
    response.body = plain;
    if (takes.brotli && brotli) {
        response.body = brotli;
        response.add("Content-Encoding", "br");
        etag += "-br";
    } else if (takes.gzip && gzip) {
        response.body = gzip;
        response.add("Content-Encoding", "gzip");
        etag += "-gz";
    }
    response.cause = "cache";
    return http::conditional(request, std::move(response), etag);
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
