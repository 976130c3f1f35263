// For tests: Apache Preflight, which judges PDF/A-1b.
#pragma once

#include "plugins/evidence/testing/workspace.hpp"

namespace evidence::testing {

inline bool has_preflight() {
    return std::filesystem::exists("/usr/share/java/preflight.jar") &&
           std::system("command -v javac >/dev/null") == 0;
}

/// Says "NAME VALID" or "NAME INVALID" and why, for each of these files of the folder.
inline tests::Outcome preflight(const Workspace& work, const std::string& files) {
    write(
        work / "Preflight.java",
        R"(import org.apache.pdfbox.preflight.*; import org.apache.pdfbox.preflight.parser.PreflightParser; import java.io.File;
public class Preflight { public static void main(String[] files) throws Exception { for (String file : files) {
  PreflightParser parser = new PreflightParser(new File(file)); parser.parse(); PreflightDocument document = parser.getPreflightDocument();
  document.validate(); ValidationResult result = document.getResult(); System.out.println(file + " " + (result.isValid() ? "VALID" : "INVALID"));
  for (ValidationResult.ValidationError error : result.getErrorsList()) System.out.println(error.getErrorCode() + " " + error.getDetails()); } } })");
    return work.run(
        "J=/usr/share/java; java -cp "
        "$J/preflight.jar:$J/pdfbox2.jar:$J/fontbox2.jar:$J/xmpbox.jar:$J/commons-io.jar:"
        "$J/commons-logging.jar:$J/jaxb-api.jar:$J/activation.jar:$J/javax.activation.jar Preflight.java " +
        files);
}

}  // namespace evidence::testing
