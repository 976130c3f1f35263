// What a client would rather have of what there is, as its field Accept says (RFC 9110, section 12.5.1).
#pragma once

#include <string_view>
#include <vector>

namespace open_data {

/// The index in `offered` (media types in small letters) of what it likes most: the weight of the most specific range that
/// names each one, then the range that it wrote first, then what stands first in `offered`. 0 where it says nothing, or takes none.
std::size_t preferred(std::string_view accept, const std::vector<std::string_view>& offered);

}  // namespace open_data
