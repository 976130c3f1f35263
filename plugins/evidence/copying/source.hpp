// A PDF of strangers, its pages checked and cut to what is seen of them.
#pragma once

#include "plugins/evidence/copying/extract.hpp"
#include "plugins/evidence/pdf/document.hpp"

#include <set>

namespace evidence::copying {

class Source {
public:
    static concejo::Result<Source, NotCopied> open(std::string_view pdf);
    std::size_t count() const { return pages_.size(); }
    std::string cropped() const { return written(*file_); }
    std::set<std::string> drawn(int page) const;  ///< shared.hpp: drawn_by

    static std::string written(QPDF&);

private:
    Source() = default;
    std::shared_ptr<QPDF> file_;
    std::vector<QPDFObjectHandle> pages_;
};

}  // namespace evidence::copying
