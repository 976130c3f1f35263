// What an SMTP server says (RFC 5321, 4.2): read line by line, however it is cut.
#pragma once

#include "kernel/net/byte_source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kernel::mail {

struct SmtpReply {
    int code = 0;                    ///< 220 … 559
    std::vector<std::string> lines;  ///< without code and line end
    bool good() const { return code >= 200 && code < 400; }
    bool for_good() const { return code >= 500; }  ///< a refusal that will be repeated
    std::string text() const;                      ///< "550 5.1.1 No such user", one line
};

class SmtpReplyReader {
public:
    explicit SmtpReplyReader(net::ByteSource& source) : source_(source) {}

    /// Throws NetError{unavailable} for what is no reply: wrong codes, lines over 2 KiB, more than 100 lines,
    /// the end.
    SmtpReply next();
    /// Bytes that came after the last reply: before TLS begins there may be none (CVE-2011-0411).
    bool has_more() const { return at_ < buffer_.size(); }

private:
    std::string line();
    net::ByteSource& source_;
    std::string buffer_;
    std::size_t at_ = 0;
};

}  // namespace kernel::mail
