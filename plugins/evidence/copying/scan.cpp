#include "plugins/evidence/copying/scan.hpp"

#include "plugins/evidence/copying/poppler.hpp"
#include "plugins/evidence/pdf/document.hpp"
#include "plugins/evidence/pdf/qpdf.hpp"

#include <concejo/error.hpp>

#include <algorithm>
#include <map>
#include <sstream>

namespace evidence::copying {
namespace {

/// By page, the most pixels an inch of its images; of the two directions, the lesser. Rulers round: 199 is
/// 200.
std::map<int, int> resolutions(const std::string& listed) {
    std::map<int, int> best;
    std::istringstream lines(listed);
    for (std::string line; std::getline(lines, line);) {
        // page num type width height color comp bpc enc interp object ID x-ppi y-ppi size ratio
        std::istringstream words(line);
        std::vector<std::string> column;
        for (std::string word; words >> word;) column.push_back(word);
        if (column.size() < 14 || column[0].find_first_not_of("0123456789") != std::string::npos) continue;
        const bool inline_image = column[10] == "[inline]";
        const std::size_t at = inline_image ? 11 : 12;
        const int across = std::atoi(column[at].c_str()), down = std::atoi(column[at + 1].c_str());
        auto& known = best[std::atoi(column[0].c_str())];
        known = std::max(known, std::min(across, down));
    }
    return best;
}

}  // namespace

std::optional<std::string> why_no_scan(std::string_view pdf) {
    std::size_t pages = 0;
    try {
        const auto file = QPDF::create();
        file->setSuppressWarnings(true);
        file->processMemoryFile("pdf", pdf.data(), pdf.size());
        if (file->isEncrypted()) return "encrypted";
        pages = pdf::pages_of(*file).size();
    } catch (const QPDFExc& error) {
        return error.getErrorCode() == qpdf_e_password ? "encrypted" : "unreadable";
    } catch (const std::exception&) {
        return "unreadable";
    }
    if (pages == 0) return "unreadable";
    const auto best = resolutions(Poppler(pdf).list_images());
    for (int page = 1; page <= static_cast<int>(pages); ++page) {
        const auto found = best.find(page);
        if (found == best.end()) return "not_a_scan";
        if (found->second < copy_dpi - 1) return "low_resolution";
    }
    return std::nullopt;
}

}  // namespace evidence::copying
