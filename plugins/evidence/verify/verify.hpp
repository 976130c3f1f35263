// Judges a bundle: document, leaf, inclusion, checkpoint and signatures, and says also what it has not looked
// at.
#pragma once

#include "plugins/evidence/verify/attachments.hpp"
#include "plugins/evidence/verify/texts.hpp"
#include "plugins/evidence/verify/trust.hpp"

namespace evidence::verify {

enum class Outcome {
    authentic,  ///< intact, and signed by a key that whoever checks knew
    intact,     ///< nobody has changed it since it was signed; whose the key is, has not been checked
    refused,    ///< something in it is not as it says
    unreadable  ///< it is no bundle, or cannot be read
};

struct Line {
    Text text;
    std::vector<std::string> values;
};

struct Verdict {
    Outcome outcome = Outcome::unreadable;
    std::vector<Line> failed, checked, unchecked;
    std::vector<Line> facts;  ///< who, what, when: as declared, in the order in which to tell them
    std::vector<std::pair<std::string, std::string>> metadata;
    std::string fingerprint;  ///< of the key that came in the file

    int exit_code() const {  ///< 0 good, 1 refused, 2 unreadable
        return outcome == Outcome::unreadable ? 2 : outcome == Outcome::refused ? 1 : 0;
    }
};

Verdict verify(std::string_view file, const Trust& trust, const Judge& judge);

}  // namespace evidence::verify
