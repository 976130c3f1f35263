#include "kernel/config/yaml_events.hpp"

#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace kernel::config {
namespace {

std::size_t size_of(const Node& node) {
    std::size_t size = 1;
    for (const Node& item : node.items) size += size_of(item);
    for (const Member& member : node.members) size += size_of(member.value);
    return size;
}

/// The trees' depth below a node: 0 for a scalar.
int depth_of(const Node& node) {
    int below = 0;
    for (const Node& item : node.items) below = std::max(below, 1 + depth_of(item));
    for (const Member& member : node.members) below = std::max(below, 1 + depth_of(member.value));
    return below;
}

}  // namespace

EventTree::EventTree(std::string_view text, const std::string& file, const ReaderOptions& options,
                     Problems& problems)
    : lines_(base::split(text, '\n')), file_(file), options_(options), problems_(problems) {}

Place EventTree::place(const YAML::Mark& mark) const {
    if (mark.is_null()) return {file_, 1, 1};
    const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
    const auto column = static_cast<std::size_t>(std::max(mark.column, 0));
    const std::size_t characters =
        line < lines_.size() ? base::utf8_length(lines_[line].substr(0, column)) : column;
    return {file_, static_cast<int>(line) + 1, static_cast<int>(characters) + 1};
}

void EventTree::stop(const Place& place, std::string message) {
    problems_.error(place, std::move(message));
    throw Stop{};
}

void EventTree::count(const Place& place, std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > options_.node_limit)
        stop(place, base::tr("el archivo tiene más de {} valores", options_.node_limit));
}

void EventTree::OnDocumentStart(const YAML::Mark& mark) {
    if (++documents_ > 1)
        stop(place(mark), base::tr("hay un segundo documento: el archivo ha de tener uno solo, sin '---'"));
}

void EventTree::refuse_second_document() {
    stop({file_}, base::tr("el archivo ha de tener un solo documento, sin '---'"));
}

std::optional<Node> EventTree::take() {
    if (root_) return std::move(root_);
    Node empty;
    empty.place = {file_, 1, 1};
    return empty;
}

bool EventTree::expects_key() const {
    return !open_.empty() && open_.back().node.is_mapping() && !open_.back().has_key;
}

void EventTree::add_key(const Node& node) {
    Open& mapping = open_.back();
    mapping.has_key = true;
    mapping.drop_value = true;
    if (!node.is_scalar()) {
        problems_.error(node.place, base::tr("una clave ha de ser un texto de una línea"));
    } else if (!node.tag.empty()) {
        problems_.error(node.place, base::tr("una clave no puede llevar la etiqueta {}", node.tag));
    } else if (node.text == "<<" && !node.quoted) {
        problems_.error(node.place,
                        base::tr("la clave de fusión '<<' no se admite: repita las claves, o póngalas en "
                                 "'defecto.modulos' de platform.yaml"));
    } else if (const Member* first = mapping.node.member(node.text)) {
        problems_.error(node.place,
                        base::tr("clave repetida '{0}': ya está en {1}", node.text, first->place.text()));
    } else {
        mapping.drop_value = false;
        mapping.pending = Member{node.text, node.place, {}};
    }
}

void EventTree::add(Node node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = node;
    if (open_.empty()) {
        root_ = std::move(node);
    } else if (expects_key()) {
        add_key(node);
    } else if (Open& top = open_.back(); top.node.is_sequence()) {
        top.node.items.push_back(std::move(node));
    } else {
        top.has_key = false;
        if (node.is_null()) check_colon(top);
        if (top.drop_value) return;
        top.pending.value = std::move(node);
        top.node.members.push_back(std::move(top.pending));
    }
}

/// The library takes a last line without ':' for a key without a value.
void EventTree::check_colon(const Open& mapping) {
    if (mapping.drop_value || base::trim(mapping.after_key).starts_with(':')) return;
    problems_.error(mapping.pending.place,
                    base::tr("falta ':' tras '{}'; si es parte de un texto, póngalo entre comillas",
                             mapping.pending.key));
}

void EventTree::open(Node node, YAML::anchor_t anchor, const std::string& tag) {
    count(node.place, 1);
    if (static_cast<int>(open_.size()) >= options_.depth_limit)
        stop(node.place, base::tr("más de {} niveles de anidamiento", options_.depth_limit));
    apply_tag(node, tag);
    Open collection;
    collection.node = std::move(node);
    collection.anchor = anchor;
    open_.push_back(std::move(collection));
}

void EventTree::close() {
    Open collection = std::move(open_.back());
    open_.pop_back();
    add(std::move(collection.node), collection.anchor);
}

void EventTree::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
    Node node;
    node.place = place(mark);
    count(node.place, 1);
    add(std::move(node), anchor);
}

void EventTree::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
    const Place here = place(mark);
    if (++aliases_ > options_.alias_limit)
        stop(here, base::tr("más de {} alias '*': repita los valores", options_.alias_limit));
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) stop(here, base::tr("el alias está dentro de lo que nombra"));
    count(here, size_of(found->second));
    if (static_cast<int>(open_.size()) + depth_of(found->second) > options_.depth_limit)
        stop(here, base::tr("más de {} niveles de anidamiento", options_.depth_limit));
    Node copy = found->second;
    if (copy.is_scalar() || expects_key()) copy.place = here;
    add(std::move(copy), 0);
}

void EventTree::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         const std::string& value) {
    Node node;
    node.kind = NodeKind::scalar;
    node.text = value;
    node.place = place(mark);
    count(node.place, 1);
    node.quoted = tag == "!";
    apply_tag(node, tag);
    if (expects_key()) {
        const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
        const std::size_t end = static_cast<std::size_t>(std::max(mark.column, 0)) + value.size();
        const bool on_line = tag == "?" && line < lines_.size() && end <= lines_[line].size();
        open_.back().after_key = on_line ? lines_[line].substr(end) : std::string_view(":");
    } else {
        check_plain(node);
    }
    add(std::move(node), anchor);
}

void EventTree::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                                YAML::EmitterStyle::value) {
    Node node;
    node.kind = NodeKind::sequence;
    node.place = place(mark);
    open(std::move(node), anchor, tag);
}

void EventTree::OnSequenceEnd() { close(); }

void EventTree::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                           YAML::EmitterStyle::value) {
    Node node;
    node.kind = NodeKind::mapping;
    node.place = place(mark);
    open(std::move(node), anchor, tag);
}

void EventTree::OnMapEnd() { close(); }

void EventTree::check_plain(const Node& node) {
    if (node.quoted || node.text.size() < 2 || node.text[0] != '0') return;
    const bool digits =
        std::all_of(node.text.begin(), node.text.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (digits)
        problems_.error(
            node.place,
            base::tr("{0} comienza por cero: si es un código, debe ir entre comillas (\"{0}\")", node.text));
}

void EventTree::apply_tag(Node& node, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    if (tag == "tag:yaml.org,2002:str" && node.is_scalar()) {
        node.quoted = true;
        return;
    }
    if (tag != "!secret" && tag != "!env") {
        problems_.error(node.place,
                        base::tr("etiqueta desconocida '{}': solo hay !secret nombre y !env NOMBRE", tag));
        return;
    }
    if (!node.is_scalar() || node.text.empty()) {
        problems_.error(node.place, base::tr("{} ha de ir seguido de un nombre", tag));
        return;
    }
    node.tag = tag;
    node.reference = node.text;
    if (tag == "!env") return resolve_env(node);
    node.secret = true;
    node.quoted = true;
    if (!options_.allow_secret) problems_.error(node.place, base::tr("!secret no se admite en este archivo"));
}

void EventTree::resolve_env(Node& node) {
    node.quoted = false;
    if (!options_.allow_env) {
        problems_.error(
            node.place,
            base::tr(
                "!env solo se admite en platform.yaml: los archivos de los municipios no leen el entorno"));
    } else if (const char* value = std::getenv(node.reference.c_str())) {
        node.text = value;
        node.quoted = node.text.empty() || !base::utf8_valid(node.text);
    } else {
        problems_.error(node.place, base::tr("la variable de entorno {} no está definida", node.reference));
    }
}

}  // namespace kernel::config
