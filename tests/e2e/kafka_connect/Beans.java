import com.sun.tools.attach.VirtualMachine;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Numbers that another JVM shows over JMX. usage: java Beans.java PID PATTERN…; prints NAME TAB ATTRIBUTE TAB VALUE. */
final class Beans {
    public static void main(String[] args) throws Exception {
        VirtualMachine jvm = VirtualMachine.attach(args[0]);
        JMXServiceURL url = new JMXServiceURL(jvm.startLocalManagementAgent());
        jvm.detach();
        try (JMXConnector connector = JMXConnectorFactory.connect(url)) {
            MBeanServerConnection server = connector.getMBeanServerConnection();
            for (int i = 1; i < args.length; i++) {
                for (ObjectName bean : server.queryNames(new ObjectName(args[i]), null)) {
                    for (MBeanAttributeInfo attribute : server.getMBeanInfo(bean).getAttributes()) {
                        Object value = server.getAttribute(bean, attribute.getName());
                        if (value instanceof Number) System.out.println(bean + "\t" + attribute.getName() + "\t" + value);
                    }
                }
            }
        }
    }
}
