package io.daybook.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where Tomcat sends a request that has failed outside any controller, in place of the page that there would be. */
@RestController
class ProblemErrorController implements ErrorController {

    @RequestMapping("${server.error.path:/error}")
    void problem(HttpServletRequest request) {
        boolean isFailure = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer;
        int status = isFailure ? (int) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) : 404;
        throw new ProblemException(ProblemCode.ofStatus(status), ProblemAdvice.detail(ProblemCode.ofStatus(status), request));
    }
}
