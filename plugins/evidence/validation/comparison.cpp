#include "plugins/evidence/validation/comparison.hpp"

#include <algorithm>
#include <cstring>

namespace evidence::validation {
namespace {

constexpr std::size_t most = 100;

bool same_bytes(const std::shared_ptr<Buffer>& a, const std::shared_ptr<Buffer>& b) {
    return a->getSize() == b->getSize() &&
           (a->getSize() == 0 || std::memcmp(a->getBuffer(), b->getBuffer(), a->getSize()) == 0);
}

/// The same data, or the same once decoded: a program may compress again what it does not change.
bool same_data(QPDFObjectHandle a, QPDFObjectHandle b) {
    const auto filters = [](QPDFObjectHandle s) {
        return s.getDict().getKey("/Filter").unparseResolved() +
               s.getDict().getKey("/DecodeParms").unparseResolved();
    };
    if (filters(a) == filters(b) && same_bytes(a.getRawStreamData(), b.getRawStreamData())) return true;
    return same_bytes(a.getStreamData(qpdf_dl_generalized), b.getStreamData(qpdf_dl_generalized));
}

}  // namespace

void Comparison::tell(Tale tale) {
    const auto known = [&](const Reason& r) { return r.code == tale.code && r.detail == tale.where; };
    if (std::any_of(reasons_.begin(), reasons_.end(), known)) return;
    if (reasons_.size() == most) reasons_.push_back({Verdict::indeterminate, "too_many_changes", ""});
    if (reasons_.size() > most) {
        reasons_.back().effect = std::max(reasons_.back().effect, tale.effect);
        return;
    }
    reasons_.push_back({tale.effect, tale.code, std::move(tale.where)});
}

bool Comparison::first_time(QPDFObjectHandle before, QPDFObjectHandle after) {
    return seen_.insert({before.getObjGen(), after.getObjGen()}).second;
}

void Comparison::settle(QPDFObjectHandle before, QPDFObjectHandle after) {
    if (before.isIndirect() && after.isIndirect()) first_time(before, after);
}

void Comparison::visit(QPDFObjectHandle before, QPDFObjectHandle after, const Tale& tale, int depth) {
    if (before.isIndirect() && after.isIndirect()) {
        if (first_time(before, after)) pending_.push_back({before, after, tale});
    } else {
        values(before, after, tale, depth);
    }
}

void Comparison::compare(QPDFObjectHandle before, QPDFObjectHandle after, const Tale& tale) {
    visit(before, after, tale, 0);
}

void Comparison::compare_keys(QPDFObjectHandle before, QPDFObjectHandle after,
                              const std::set<std::string>& without, const Tale& tale) {
    auto keys = before.getKeys();
    keys.merge(after.getKeys());
    for (const auto& key : keys)
        if (!without.contains(key)) visit(before.getKey(key), after.getKey(key), tale, 1);
}

void Comparison::streams(QPDFObjectHandle before, QPDFObjectHandle after, const Tale& tale, int depth) {
    auto keys = before.getDict().getKeys();
    keys.merge(after.getDict().getKeys());
    for (const auto& key : keys)
        if (key != "/Length" && key != "/Filter" && key != "/DecodeParms" && key != "/DL")
            visit(before.getDict().getKey(key), after.getDict().getKey(key), tale, depth + 1);
    try {
        if (!same_data(before, after)) tell(tale);
    } catch (const std::exception&) {
        tell(tale);  // what cannot be decoded cannot be said to be the same
    }
}

void Comparison::values(QPDFObjectHandle before, QPDFObjectHandle after, const Tale& tale, int depth) {
    if (depth > 200 || before.getTypeCode() != after.getTypeCode()) return tell(tale);
    if (before.isArray()) {
        if (before.getArrayNItems() != after.getArrayNItems()) return tell(tale);
        for (int i = 0; i < before.getArrayNItems(); ++i)
            visit(before.getArrayItem(i), after.getArrayItem(i), tale, depth + 1);
    } else if (before.isDictionary()) {
        auto keys = before.getKeys();
        keys.merge(after.getKeys());
        for (const auto& key : keys) visit(before.getKey(key), after.getKey(key), tale, depth + 1);
    } else if (before.isStream()) {
        streams(before, after, tale, depth);
    } else if (before.unparseResolved() != after.unparseResolved()) {
        tell(tale);
    }
}

void Comparison::finish() {
    while (!pending_.empty()) {
        const auto next = std::move(pending_.front());
        pending_.pop_front();
        values(next.before, next.after, next.tale, 0);
    }
}

}  // namespace evidence::validation
