// What was published and was withdrawn: whoever asks for its files is told that they are gone, and why.
#pragma once

#include "portal.hpp"

namespace open_data {

/// A dataset, or what one of its versions had. As an error it is one more address that is not there, which is
/// what CKAN's API says.
class Gone : public concejo::Error {
public:
    explicit Gone(Dataset which)
        : Error(concejo::ErrorKind::not_found, N_("El conjunto de datos se retiró.")),
          dataset(std::move(which)) {}
    /// `page`: the version's, which stays.
    Gone(Dataset which, std::string why, std::int64_t when, std::string page)
        : Error(concejo::ErrorKind::not_found, N_("El contenido de esta versión se retiró.")),
          dataset(std::move(which)),
          reason(std::move(why)),
          at(when),
          version_page(std::move(page)) {}

    Dataset dataset;
    std::string reason;        ///< of a version
    std::int64_t at = 0;       ///< of a version: Unix seconds
    std::string version_page;  ///< empty: all of the dataset is gone
};

/// "Este conjunto de datos se retiró el 3 de mayo de 2026, 10:30."; without the day where nobody noted it.
std::string withdrawn_text(const concejo::Call&, const Dataset&);
std::string erased_text(const concejo::Call&, std::int64_t at);

/// The same handler, with 410 and the reason where it meets Gone: a page, or RFC 9457 for programs.
concejo::Handler or_gone(concejo::Handler handler);

}  // namespace open_data
