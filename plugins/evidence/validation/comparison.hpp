// Two objects, each of its own revision, compared in depth.
#pragma once

#include "plugins/evidence/pdf/document.hpp"
#include "plugins/evidence/validation/report.hpp"

#include <array>
#include <deque>
#include <set>

namespace evidence::validation {

/// How a difference would be told.
struct Tale {
    Verdict effect;
    const char* code;
    std::string where;
};

class Comparison {
public:
    /// Notes a difference. Each code and place once; at most 100.
    void tell(Tale);
    /// Compares in depth what `before` and `after` hold and reach; indirect objects are left for `finish`. A
    /// pair is looked at once, for the first tale that reaches it.
    void compare(QPDFObjectHandle before, QPDFObjectHandle after, const Tale&);
    /// Dictionaries (or a stream's) without these keys.
    void compare_keys(QPDFObjectHandle before, QPDFObjectHandle after, const std::set<std::string>& without,
                      const Tale&);
    /// This pair is judged elsewhere. Direct objects are no pair.
    void settle(QPDFObjectHandle before, QPDFObjectHandle after);
    /// Empties what is left.
    void finish();
    std::vector<Reason> take() { return std::move(reasons_); }

private:
    struct Pending {
        QPDFObjectHandle before, after;
        Tale tale;
    };
    bool first_time(QPDFObjectHandle before, QPDFObjectHandle after);
    void values(QPDFObjectHandle before, QPDFObjectHandle after, const Tale&, int depth);
    void visit(QPDFObjectHandle before, QPDFObjectHandle after, const Tale&, int depth);
    void streams(QPDFObjectHandle before, QPDFObjectHandle after, const Tale&, int depth);

    std::vector<Reason> reasons_;
    std::set<std::pair<QPDFObjGen, QPDFObjGen>> seen_;
    std::deque<Pending> pending_;
};

}  // namespace evidence::validation
