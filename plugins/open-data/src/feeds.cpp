// What is new, as Atom (RFC 4287): in the catalogue or a part of it, and in one dataset.
#include "address.hpp"
#include "plugins/open-data/dcat/text.hpp"
#include "plugins/open-data/dcat/vocabulary.hpp"
#include "portal.hpp"
#include "sql_names.hpp"

#include <concejo/escape.hpp>

namespace open_data {
namespace {

using concejo::Reply;
using concejo::Request;

constexpr std::int64_t entries_in_a_feed = 50;
constexpr std::size_t longest_summary = 2000;

struct FeedLink {
    std::string href, type, title;
    std::int64_t bytes = 0;
};

struct FeedItem {
    std::string id, title, href, summary, published,
        updated;  ///< instants as the catalogue has them: UTC, without a zone
    std::vector<FeedLink> files;
};

void append_element(std::string& out, const char* name, std::string_view text) {
    out += std::string("<") + name + ">";
    concejo::append_xml(out, text);
    out += std::string("</") + name + ">";
}

void append_link(std::string& out, const char* relation, const FeedLink& link) {
    out += std::string("<link rel=\"") + relation + "\" href=\"";
    concejo::append_xml(out, dcat::encode_uri(link.href));
    if (!link.type.empty()) out += "\" type=\"", concejo::append_xml(out, link.type);
    if (link.bytes > 0) out += "\" length=\"" + std::to_string(link.bytes);
    if (!link.title.empty()) out += "\" title=\"", concejo::append_xml(out, link.title);
    out += "\"/>";
}

class AtomFeed {
public:
    AtomFeed(const Portal& portal, const std::string& title, const std::string& page, const std::string& self,
             const std::string& updated) {
        out_ =
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" "
            "xml:lang=\"" +
            portal.language + "\">\n";
        append_element(out_, "id", self), append_element(out_, "title", title),
            append_element(out_, "updated", updated + "Z");
        append_link(out_, "self", {self, "application/atom+xml", {}}),
            append_link(out_, "alternate", {page, "text/html", {}});
        out_ += "<author>", append_element(out_, "name", portal.municipality.string_or("name", "")),
            out_ += "</author>\n";
    }
    void add(const FeedItem& item) {
        out_ += "<entry>";
        append_element(out_, "id", item.id), append_element(out_, "title", item.title),
            append_element(out_, "updated", item.updated + "Z");
        if (!item.published.empty()) append_element(out_, "published", item.published + "Z");
        append_link(out_, "alternate", {item.href, "text/html", {}});
        for (const auto& file : item.files) append_link(out_, "enclosure", file);
        append_element(out_, "summary", item.summary.empty() ? item.title : item.summary);
        out_ += "</entry>\n";
    }
    void give(Reply& reply) {
        reply.field("Access-Control-Allow-Origin", "*");
        reply.body("application/atom+xml; charset=utf-8", out_ + "</feed>\n");
    }

private:
    std::string out_;
};

/// Empty where nobody knows it: programs write "csv" as well.
std::string enclosure_type(const Resource& resource) {
    if (resource.media_type.find('/') != std::string::npos) return resource.media_type;
    const auto* known = dcat::find_file_type(resource.format);
    return known ? std::string(known->media_type) : std::string();
}

FeedItem item_of(const Portal& portal, const Dataset& dataset) {
    FeedItem item{portal.home() + "/dataset/" + dataset.id,
                  portal.title(dataset),
                  portal.url(dataset, true),
                  cut(portal.text(dataset.meta["notes"]), longest_summary),
                  dataset.issued,
                  dataset.modified,
                  {}};
    for (const auto& one : dataset.resources)
        if (const auto file = portal.file_url(one, true); !file.empty())
            item.files.push_back({file, enclosure_type(one), portal.title(one), one.bytes.value_or(0)});
    return item;
}

/// The same parameters as the catalogue's page: a feed of a sector, a label or some words.
Filter filter_of(const Request& request, std::string& query) {
    Filter filter;
    const std::pair<const char*, std::string Filter::*> parameters[] = {
        {"q", &Filter::words},
        {"organizacion", &Filter::organization},
        {"sector", &Filter::sector},
        {"formato", &Filter::format},
        {"etiqueta", &Filter::tag}};
    std::vector<std::pair<std::string, std::string>> asked;
    for (const auto& [name, member] : parameters) {
        filter.*member = request.query(name).value_or("").substr(0, 200);
        asked.emplace_back(name, filter.*member);
    }
    query = query_of(asked);
    filter.limit = entries_in_a_feed;
    return filter;
}

void catalogue_feed(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    std::string query;
    const auto datasets = catalogue.list(filter_of(request, query));
    const auto page = request.url("/datos", true);
    AtomFeed feed(portal, request.tr("Datos abiertos") + ": " + portal.municipality.string_or("name", ""),
                  page + query, page + "/atom.xml" + query,
                  datasets.empty() ? "1970-01-01T00:00:00" : datasets.front().modified);
    for (const auto& one : datasets) feed.add(item_of(portal, one));
    feed.give(reply);
}

void dataset_feed(const Request& request, Reply& reply) {
    const Portal portal(request);
    auto tx = request.begin();
    Catalogue catalogue(tx);
    const auto dataset = need_dataset(portal, catalogue, request.segment("name"));
    const auto page = portal.url(dataset, true);
    AtomFeed feed(portal, portal.title(dataset), page, page + "/atom.xml", dataset.modified);
    const auto versions = tx.exec(
        "SELECT v.resource, v.number, v.accepted, open_data_written(v.loaded_at) FROM open_data_version v "
        "JOIN open_data_resource r ON r.id = v.resource "
        "WHERE r.dataset = $1::uuid AND r.state = 'active' AND v.public_at IS NOT NULL ORDER BY v.loaded_at DESC, v.number DESC LIMIT "
        "$2::bigint",
        dataset.id, dataset.state == State::withdrawn ? 0 : entries_in_a_feed);
    for (const auto row : versions)
        for (const auto& one : dataset.resources) {
            if (one.id != row.view(0)) continue;
            const auto title = concejo::fill(request.tr("{recurso}: versión {n}"),
                                             {{"recurso", portal.title(one)}, {"n", row.text(1)}});
            const auto rows = concejo::fill(request.trn("{n} fila", "{n} filas", row.integer(2)),
                                            {{"n", request.number(static_cast<double>(row.integer(2)))}});
            feed.add({portal.home() + "/dataset/" + dataset.id + "/resource/" + one.id + "#v" + row.text(1),
                      title,
                      page + "#r-" + one.id,
                      title + ", " + rows,
                      {},
                      row.text(3),
                      {}});
        }
    feed.give(reply);
}

}  // namespace

void register_feeds(concejo::Kernel& kernel) {
    kernel.page("/datos/atom.xml", catalogue_feed, concejo::RouteOptions{.permission = {}, .cached = true});
    kernel.page("/datos/:name/atom.xml", dataset_feed,
                concejo::RouteOptions{.permission = {}, .cached = true});
}

}  // namespace open_data
