// The pages of an original as images with a grid, for whoever says what a partial copy leaves out.
#pragma once

#include "copies.hpp"

namespace evidence {

/// {"pages": [{"src","number","alt","caption"}], "rest": how many more there are}: those asked for ("1,3-5",
/// empty: all), at most ten. What is wrong, as a msgid.
concejo::Result<concejo::Json, const char*> preview_of(const concejo::Call&, const Csv& original,
                                                       const std::string& paginas, const std::string& areas);

/// GET …/:csv/pagina?n=&areas=: one of them, a PNG.
void send_preview(const concejo::Request&, concejo::Reply&);

}  // namespace evidence
